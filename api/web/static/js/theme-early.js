// Runs before the first paint, so that a chosen theme does not flash. Storage may be forbidden.
try {
  const chosen = localStorage.getItem("footnote.theme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
} catch {
  // The system's theme stays.
}

"""Known facts and public sets -> metrics -> report."""

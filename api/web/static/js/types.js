/**
 * What the service sends, as far as the page reads it. Offsets are Unicode code points.
 *
 * @typedef {{id: string, title: string, source: string, sha256: string}} DocumentRef
 * @typedef {{number: number, quote: string, start: number, end: number, passage_id: string, document: DocumentRef}} Citation
 * @typedef {{text: string, citations: number[], support: "quoted" | "reworded"}} Statement
 * @typedef {{passage_id: string, text: string, document: string, score: number}} Nearest
 * @typedef {{id: string, question: string, standalone_question: string,
 *   status: "answered" | "not_in_articles" | "small_talk" | "failed", text: string, confidence: number,
 *   statements: Statement[], unanswered?: string[], citations: Citation[], nearest: Nearest[], timings_ms: {total: number},
 *   session_id?: string}} Answer
 * @typedef {{id: string, title: string, source: string, sha256: string, characters: number}} DocumentSummary
 * @typedef {{start: number, end: number, level: number}} Heading
 * @typedef {DocumentSummary & {text: string, headings: Heading[]}} DocumentText
 * @typedef {{id: string, title: string, created_at: string, updated_at: string, exchanges: number}} Session
 * @typedef {{question: string, text: string, at: string, answer: Answer | null}} KeptExchange
 * @typedef {{subject: string, verified: boolean, problem: string}} Check
 * @typedef {{id: string, verified: boolean, checks: Check[]}} Verification
 * @typedef {{name: string, problem: string}} RefusedFile
 * @typedef {{generation: number, added: DocumentSummary[], updated: DocumentSummary[],
 *   unchanged: DocumentSummary[], failed: RefusedFile[]}} UploadReport
 *
 * A place in an article that the page can show.
 * @typedef {{documentId: string, source: string | null, start: number, end: number, quote: string,
 *   kind: "active" | "near"}} Place
 */

export {};

/** References of Compose, and its response maps. */
export interface ComposeService {
  /** Cuts the picture of a reference out. */
  cutOut(referenceId: string): Promise<void>
  /** A stored result as a reference. */
  addResult(resultId: string): Promise<void>
  /** The response maps of the staged result as one PNG. */
  exportMaps(): Promise<void>
}

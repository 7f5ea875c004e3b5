/** What kind of picture something is, measured on its pixels (`assets/looks`). */
export interface PictureLooks {
  /** Share of places whose neighbours have exactly their colour: drawings have most, photographs, which have grain, few. */
  flat: number
  /** What nineteen of twenty places are darker than, 0..255, encoded. */
  bright: number
  /** Share of the visible places that shine through with all that is around them: no edge, but glass. */
  glassy: number
}

/** By hash, as far as pictures have been read. */
export type KnownLooks = Readonly<Record<string, PictureLooks>>

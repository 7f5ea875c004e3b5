/**
 * Who reads from whom (specs: DreamO §8): per reference, for every token of the picture, the share of attention that
 * goes to that reference, averaged over heads, watched blocks and steps; likewise for the text.
 */
export interface ResponseMaps {
  /** The picture's token grid. */
  rows: number
  columns: number
  /** One per reference: [rows, columns], in [0,1]. */
  references: Float32Array[]
  text: Float32Array
}

/** Where embeddings are kept between runs, by a hash of all that determines them. */
export interface PromptCache {
  get(key: string): Promise<Float32Array | null>
  put(key: string, values: Float32Array): Promise<void>
}

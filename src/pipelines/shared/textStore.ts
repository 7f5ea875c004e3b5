/** Features of a text as a transformer takes them. */
export interface TextFeatures {
  values: Float32Array // [tokens, width]
  tokens: number
}

/** What makes features of texts: sha256 of the encoder's and the tokenizer's manifests. */
export interface TextMakers {
  encoder: string
  tokenizer: string
}

/**
 * Where features of texts are kept, under the texts themselves: they outlive the encoder, which is larger than all else that
 * a picture needs.
 */
export interface TextStore {
  /**
   * @param width numbers of a token
   * @param makers null: by whichever encoder, the one that was used last
   */
  get(text: string, width: number, makers: TextMakers | null): Promise<TextFeatures | null>
  put(text: string, width: number, makers: TextMakers, features: TextFeatures): Promise<void>
}

/** What mode Align asks of a text-to-image model: the built-in one and Stable Diffusion 2.x both give it. */
import type { Raster, Size } from '@/base/geometry'
import type { Unet } from '@/nets/unet/unetRunner'
import type { Ddim } from '@/samplers/ddim'
import type { AlignSettings } from '@/schema/modes/align'

/** A prompt as the U-Net reads it. */
export interface EncodedPrompt {
  embedding: Float32Array // [tokens, width]
  tokens: number
  width: number
}

/** Scores pictures against one prompt. */
export interface PromptScorer {
  /** Cosine of picture and prompt. */
  score(picture: Raster): Promise<number>
  dispose(): void
}

export type OnPart = (done: number, total: number) => void

export interface AlignModel {
  /** Names the exact weights of the U-Net. */
  readonly hash: string
  /** Channels of the latent, pixels per latent along a side, and the U-Net's level whose size the word maps have. */
  readonly latent: { channels: number; pixels: number; mapLevel: number }
  /** The schedule for so many steps. */
  ddim(steps: number): Ddim
  /** The size of picture that the model makes when asked for this one. */
  sizeOf(settings: AlignSettings): Size
  /** Per word of `promptWords(prompt)` its columns among the tokens; none for words that were cut off. */
  columnsOf(prompt: string): Promise<readonly (readonly number[])[]>
  encodePrompts(prompts: readonly string[], signal: AbortSignal, onPart: OnPart): Promise<EncodedPrompt[]>
  /** Loaded on first use; kept until encoders or scorer need its room, or the model's end. */
  net(signal: AbortSignal, onPart: OnPart): Promise<Unet>
  /** @param picture of `sizeOf`'s size; alpha is laid over white. @returns [channels, rows, columns] */
  encode(picture: Raster, signal: AbortSignal): Promise<Float32Array>
  /** @param latent [channels, rows, columns] */
  decode(latent: Float32Array, rows: number, columns: number, signal: AbortSignal): Promise<Raster>
  /** A small or rough picture of a latent, at once. */
  preview(latent: Float32Array, rows: number, columns: number): Raster
  /** Makes previews possible; cheap after the first time. */
  preparePreviews(signal: AbortSignal): Promise<void>
  /** Whether the scorer may be open beside the U-Net; otherwise scores come after the pictures. */
  readonly scoresAtOnce: boolean
  /** null where no scorer is installed. May let the U-Net go first unless `scoresAtOnce`. */
  scorer(prompt: string, signal: AbortSignal): Promise<PromptScorer | null>
  dispose(): void
}

/**
 * What FLUX.2 [klein] is told to do in Place. The fixed instructions are a closed set that knows nothing of where a cut-out
 * stands: once they are encoded, the text encoder is no longer needed. Words of the user's make another text.
 */

/** The references that go along with the composite, and how the object stands: what a fixed instruction depends on. */
export interface KleinScene {
  cutout: boolean
  clean: boolean
  /** Whether it stands on something; else it hangs in the air. */
  stands: boolean
}

/** What the user adds. */
export interface KleinOwnWords {
  /** What is placed: "a red metal cube". */
  object: string
  /** What the whole picture will show. */
  scene: string
}

const NO_WORDS: KleinOwnWords = { object: '', scene: '' }

/** The instruction of one object: one of `INSTRUCTIONS`, unless there are words of the user's. */
export function kleinInstruction(
  { cutout, clean, stands }: KleinScene,
  { object, scene }: KleinOwnWords = NO_WORDS,
): string {
  const named = object.trim()
  const shown = sentence(scene)
  return [
    `Image 1 is a photo with ${named || 'an object'} pasted onto it.`,
    cutout && `Image 2 shows ${named ? 'it' : 'the object'} alone on a white ground.`,
    clean && `Image ${cutout ? 3 : 2} shows the photo without it.`,
    'Blend it into image 1 so that it looks as if it had been photographed there:',
    'keep its place, size, shape, pose and details, and match its light, colours and sharpness to the scene.',
    stands
      ? 'Add its contact shadow, its cast shadow and its reflections on what it stands on.'
      : 'It hangs in the air: add its cast shadow only where one would fall.',
    'Keep everything else of image 1 exactly as it is.',
    shown && `The picture shows this scene: ${shown}`,
  ]
    .filter(Boolean)
    .join(' ')
}

function sentence(text: string): string {
  const words = text.trim()
  return words === '' || /[.!?]$/.test(words) ? words : `${words}.`
}

const EITHER = [true, false] as const

/** All fixed instructions; the first is that of an untouched document. */
export const INSTRUCTIONS: readonly string[] = EITHER.flatMap((cutout) =>
  EITHER.flatMap((clean) => EITHER.map((stands) => kleinInstruction({ cutout, clean, stands }))),
)

/** Texts that are encoded beforehand: the instructions, and the empty text, which guides Base. */
export const KEPT_BEFOREHAND: readonly string[] = [...INSTRUCTIONS, '']

/** Prompts in the built-in model's words: the paper's three templates (specs: D-Fusion §8). */
export const EXAMPLES: readonly { prompt: string; about: string }[] = [
  { prompt: 'a tree floating', about: 'what it does' },
  { prompt: 'a red and metallic mug', about: 'how it looks' },
  { prompt: 'the ball above the house', about: 'where it is' },
]

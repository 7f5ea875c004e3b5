export const MODES: string[]
export const MODE_RULES: { selector: string; message: string }[]
export const MODE_EXEMPT: string[]

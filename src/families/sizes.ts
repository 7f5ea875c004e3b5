/** Bounds of what a config may say: files are hostile until proven otherwise. */
import * as v from 'valibot'

export const count = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1e6))
export const depth = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(200))
export const theta = v.pipe(v.number(), v.minValue(1))

/** Uniform blocks as ordered fields of 4-byte words; tests hold the order against the WGSL struct. */

export interface Field {
  /** Name of the struct's member. */
  name: string
  type: 'u32' | 'i32' | 'f32'
  values: readonly number[]
}

/** Packs fields one after the other; arrays of vec4 must begin at a multiple of four words. */
export function packFields(fields: readonly Field[]): ArrayBuffer {
  const words = fields.reduce((sum, field) => sum + field.values.length, 0)
  const view = new DataView(new ArrayBuffer(words * 4))
  let at = 0
  for (const { type, values } of fields)
    for (const value of values) {
      if (type === 'f32') view.setFloat32(at, value, true)
      else if (type === 'i32') view.setInt32(at, value, true)
      else view.setUint32(at, value, true)
      at += 4
    }
  return view.buffer
}

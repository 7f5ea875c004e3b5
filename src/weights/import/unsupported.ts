/** Files that people will try and that cannot be used, each with the reason. */
import { fail } from '@/base/errors'
import type { Shapes } from '@/families/layout'
import { relativeIn } from '@/families/registry'
import type { ByteSource } from '@/weights/formats/bytes'
import { PUBLISHED } from '@/weights/formats/safetensors'

interface Refusal {
  message: string
  hint: string
}

const PICKLE: Refusal = {
  message: 'is a Python pickle, which can run any code when it is opened.',
  hint: 'Get the same weights as safetensors.',
}

/** Beginnings of files that are not safetensors. */
const MAGIC: readonly [readonly number[], Refusal][] = [
  [[0x47, 0x47, 0x55, 0x46], { message: 'is in the GGUF format, which is not supported.', hint: PUBLISHED }],
  // PyTorch's files are zip archives of pickles; older ones are bare pickles of protocol 2 and up.
  [[0x50, 0x4b, 0x03, 0x04], PICKLE],
  [[0x80, 0x02], PICKLE],
  [[0x80, 0x04], PICKLE],
]

/** @throws unsupported naming the format, by a file's first bytes */
export async function refuseFormat(source: ByteSource): Promise<void> {
  // A safetensors file may begin with any of those bytes: they are its header's length. Then its JSON follows.
  if (await hasJsonHeader(source)) return
  const start = await source.read(0, Math.min(4, source.size))
  for (const [magic, { message, hint }] of MAGIC)
    if (magic.every((byte, i) => start[i] === byte)) fail('unsupported', `“${source.name}” ${message}`, hint)
  if (!/\.(?:safetensors|sft)$/i.test(source.name))
    fail('unsupported', `“${source.name}” is not a safetensors file.`, PUBLISHED)
}

async function hasJsonHeader(source: ByteSource): Promise<boolean> {
  const start = await source.read(4, Math.min(9, source.size))
  return start.length === 5 && start[4] === 0x7b && start.subarray(0, 4).every((byte) => byte === 0)
}

/** @throws unsupported naming a network that is none of ours, by the tensors' names */
export function refuseRelatives(shapes: Shapes, name: string): void {
  const found = relativeIn(shapes)
  if (found)
    fail('unsupported', `“${name}” ${found.relative.message}`, found.relative.hint, `found ${found.tensor}`)
}

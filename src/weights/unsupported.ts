/** Files that people will try and that cannot be used, each with the reason. */
import { fail } from '@/base/errors'
import type { ByteSource } from '@/weights/bytes'
import type { Shapes } from '@/weights/layout'

interface Refusal {
  message: string
  hint: string
}

const PUBLISHED =
  'Get the bf16, f16 or fp8 safetensors file as its authors publish it; Inlay makes 4 or 8 bits of it.'

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

/** Names of tensors by which other formats and other networks are known. */
const TENSORS: readonly [RegExp, Refusal][] = [
  [
    /\.(?:wscales|wtscale|smooth_factor|smooth_factor_orig|smooth)$/,
    {
      message: 'is a Nunchaku (SVDQuant) file; its packed 4-bit weights cannot be unpacked here.',
      hint: PUBLISHED,
    },
  ],
  [
    /\.absmax$|\.quant_state(?:\.|$)|\.nested_absmax$|bitsandbytes__/,
    { message: 'is quantised by bitsandbytes (NF4), which is not supported.', hint: PUBLISHED },
  ],
  [
    /\.(?:qweight|qzeros|g_idx)$/,
    { message: 'is quantised by GPTQ or AWQ, which is not supported.', hint: PUBLISHED },
  ],
  [
    /double_stream_modulation_img\./,
    {
      message: 'is a FLUX.2 transformer, which DreamFuse and DreamO were not made for.',
      hint: 'Choose FLUX.1 [dev].',
    },
  ],
  [
    /(?:^|\.)joint_blocks\.\d+\./,
    {
      message: 'is a Stable Diffusion 3 transformer, which no mode is made for.',
      hint: 'Choose FLUX.1 [dev], or Stable Diffusion 2.1-base for Align.',
    },
  ],
]

/** @throws unsupported naming the format or the network, by the tensors' names */
export function refuseTensors(shapes: Shapes, name: string): void {
  // The first pattern that is found decides: Nunchaku's files have names of GPTQ's too.
  for (const [pattern, { message, hint }] of TENSORS)
    for (const tensor of shapes.keys())
      if (pattern.test(tensor)) fail('unsupported', `“${name}” ${message}`, hint, `found ${tensor}`)
}

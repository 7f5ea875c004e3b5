import type { PackOf } from '@/pipelines/shared/modelSet'
import { readTokenizerJson } from '@/text/tokenizerJson'

/** The tokenizer.json that a tokenizer pack consists of. @throws bad-weights */
export async function tokenizerJson(pack: PackOf<'tokenizer'>): Promise<unknown> {
  const { name, shards } = pack.manifest
  return readTokenizerJson(await pack.file(shards[0].file), name)
}

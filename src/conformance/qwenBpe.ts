/** Adaptor of `qwen2-bpe`: Qwen's tokenizer, its template, padding and truncation; exact. */
import type { GoldenCase } from '@/conformance/goldenCase'
import type { Report } from '@/conformance/report'
import { QwenTokenizer } from '@/text/qwenTokenizer'

interface Prompts {
  rows: { text: string; ids_raw: number[]; ids: number[] }[]
  padded: { text: string; max_length: number; ids: number[]; mask: number[] }[]
}

const EXACT = { abs: 0, rel: 0 }

export async function runQwenBpe(golden: GoldenCase, report: Report): Promise<void> {
  const tokenizer = QwenTokenizer.fromJson(await golden.json('tokenizer.json'))
  const { rows, padded } = await golden.json<Prompts>('prompts.json')
  const shown = (text: string) => JSON.stringify(text.slice(0, 24))
  for (const { text, ids_raw: raw, ids } of rows) {
    // An empty list has nothing to compare number by number.
    const same = JSON.stringify(tokenizer.ids(text)) === JSON.stringify(raw)
    report.row(`raw ${shown(text)}`, same, `${raw.length} ids`)
    const found = tokenizer.encode(text, ids.length)
    report.compare(shown(text), found.ids, ids, EXACT)
  }
  for (const { text, max_length: length, ids, mask } of padded) {
    const found = tokenizer.encode(text, length)
    report.compare(`padded ${shown(text)}`, found.ids, ids, EXACT)
    report.compare(`mask ${shown(text)}`, found.mask, mask, EXACT)
  }
}

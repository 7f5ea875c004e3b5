/** Adaptor of `clip-bpe`: CLIP's tokenizer against the ids of transformers and of OpenAI's own code. */
import type { GoldenCase } from '@/conformance/goldenCase'
import type { Report } from '@/conformance/report'
import { ClipTokenizer } from '@/text/clipTokenizer'

interface PromptRow {
  text: string
  /** OpenAI's, without start and end, untruncated. */
  ids: number[]
  /** transformers' 77, only where they differ from OpenAI's. */
  hf_ids_77?: number[]
}

const VOCABULARY = 'bpe_simple_vocab_16e6.txt.gz'
const LENGTH = 77

export async function runClipBpe(golden: GoldenCase, report: Report): Promise<void> {
  const prompts = await golden.json<PromptRow[]>('prompts.json')
  const size = golden.number('vocab_size')
  const [start, end] = [golden.number('sot'), golden.number('eot')]
  const merges = await readMerges(await golden.file(VOCABULARY), size)
  const json = tokenizerJson(merges)
  const tokenizers = {
    transformers: ClipTokenizer.fromJson(json),
    openai: ClipTokenizer.fromJson(json, { cleaning: 'openai' }),
  }
  const framed = (ids: number[]) => [start, ...ids.slice(0, LENGTH - 2), end]
  prompts.forEach(({ text, ids, hf_ids_77: transformers }, row) => {
    const compare = (whose: 'transformers' | 'openai', expected: number[]) => {
      const padded = [...expected, ...new Array<number>(LENGTH - expected.length).fill(end)]
      const actual = tokenizers[whose].encode(text, LENGTH)
      const at = padded.findIndex((id, i) => id !== actual[i])
      const good = at < 0 && actual.length === LENGTH
      const said = good
        ? 'equal'
        : `${JSON.stringify(text.slice(0, 40))}: id ${at} is ${actual[at]}, not ${padded[at]}`
      report.row(`row ${row} ${whose}`, good, said)
    }
    compare('transformers', transformers ?? framed(ids))
    compare('openai', framed(ids))
  })
}

/** The merges by rank: lines of the file after its first, as many as the vocabulary has room for. */
async function readMerges(file: Blob, size: number): Promise<string[]> {
  const magic = new Uint8Array(await file.slice(0, 2).arrayBuffer())
  // A server may have decompressed it already.
  const packed = magic[0] === 0x1f && magic[1] === 0x8b
  const stream = packed ? file.stream().pipeThrough(new DecompressionStream('gzip')) : file.stream()
  const lines = (await new Response(stream).text()).split('\n')
  return lines.slice(1, 1 + size - 2 * 256 - 2)
}

/** What the released tokenizer.json says: byte symbols, byte symbols that end a word, merges, two special tokens. */
function tokenizerJson(merges: string[]): unknown {
  const symbols = byteSymbols()
  const special = ['<|startoftext|>', '<|endoftext|>']
  const pieces = [
    ...symbols,
    ...symbols.map((symbol) => `${symbol}</w>`),
    ...merges.map((merge) => merge.replace(' ', '')),
    ...special,
  ]
  const ids = new Map(pieces.map((piece, id) => [piece, id]))
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: special.map((content) => ({
      id: ids.get(content),
      content,
      special: true,
      normalized: false,
    })),
    normalizer: {
      type: 'Sequence',
      normalizers: [
        { type: 'NFC' },
        { type: 'Replace', pattern: { Regex: '\\s+' }, content: ' ' },
        { type: 'Lowercase' },
      ],
    },
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        {
          type: 'Split',
          pattern: { Regex: "'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+" },
          behavior: 'Removed',
          invert: true,
        },
        { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true },
      ],
    },
    post_processor: {
      type: 'RobertaProcessing',
      sep: [special[1], ids.get(special[1])],
      cls: [special[0], ids.get(special[0])],
    },
    decoder: { type: 'ByteLevel' },
    model: {
      type: 'BPE',
      unk_token: special[1],
      continuing_subword_prefix: '',
      end_of_word_suffix: '</w>',
      vocab: Object.fromEntries(ids),
      merges,
    },
  }
}

/** A printable character for each byte, printable bytes first, in the order of the vocabulary. */
function byteSymbols(): string[] {
  const isPrintable = (byte: number) => (byte > 32 && byte < 127) || (byte > 160 && byte !== 173)
  const bytes = Array.from({ length: 256 }, (_, byte) => byte)
  const printable = bytes.filter(isPrintable)
  const others = bytes.length - printable.length
  const codes = [...printable, ...Array.from({ length: others }, (_, i) => 256 + i)]
  return codes.map((code) => String.fromCodePoint(code))
}

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { InlayError } from '@/base/errors'
import { promptWords } from '@/base/promptWords'
import { ClipTokenizer } from '@/text/clipTokenizer'
import { openaiText } from '@/text/openaiText'
import { ADDED_TOKENS } from '@/text/dreamoTokens'
import { T5Tokenizer } from '@/text/t5Tokenizer'
import { clipJson, t5Json } from '@/text/testTokenizers'
import { tokenizerOf } from '@/families/registry'
import { readTokenizerJson } from '@/text/tokenizerJson'

const clipIds = (...pieces: string[]) => {
  const { vocab } = clipJson().model
  return pieces.map((piece) => vocab[piece])
}

/** The problem that `work` fails with. */
function problem(work: () => unknown): string {
  try {
    work()
  } catch (error) {
    if (!(error instanceof InlayError)) throw error
    const { code, message, hint, detail } = error.problem
    expect(hint).not.toBe('')
    return `${code}: ${message} ${detail ?? ''}`
  }
  throw new Error('did not fail')
}

describe("CLIP's tokenizer", () => {
  const clip = ClipTokenizer.fromJson(clipJson())

  it('merges letters to words, by rank, with the end of a word as part of it', () => {
    expect(clip.ids('cat')).toEqual(clipIds('cat</w>'))
    expect(clip.ids("A  CAT's\tdog")).toEqual(clipIds('a</w>', 'cat</w>', "'s</w>", 'dog</w>'))
    expect(clip.ids('ref12')).toEqual(clipIds('ref</w>', '1</w>', '2</w>'))
    expect(clip.ids('doc!?')).toEqual(clipIds('do', 'c</w>', '!', '?</w>'))
    expect(clip.ids('  ')).toEqual([])
  })

  it('gives the words of a prompt their own tokens, in every script', () => {
    for (const prompt of [
      'a cat on a mat',
      'एक हिन्दी बिल्ली',
      'cafe\u0301 cat',
      'a 赤い猫 cat',
      'แมว cat',
      'می\u200cخواهم',
    ]) {
      // As Align does it (pipelines/align/sdModel): what a word adds to the text before it.
      const count = (end: number) => clip.ids(prompt.slice(0, end)).length
      const spans = promptWords(prompt).map(({ start, end }) => [count(start), count(end)])
      expect(spans[0][0]).toBe(0)
      for (const [index, [from, to]] of spans.entries()) {
        expect(to, prompt).toBeGreaterThan(from)
        expect(spans[index + 1]?.[0] ?? clip.ids(prompt).length, prompt).toBe(to)
      }
    }
  })

  it('lowers letter by letter, so that a final sigma stays a sigma', () => {
    expect(clip.ids('Σ')).toEqual(clipIds('Ïĥ</w>'))
    expect(clip.ids('aΣ').at(-1)).toBe(clipIds('Ïĥ</w>')[0])
  })

  it('knows its special tokens as they are written, and only so', () => {
    const [start, end] = clipIds('<|startoftext|>', '<|endoftext|>')
    expect(clip.ids('cat<|endoftext|>cat')).toEqual([...clipIds('cat</w>'), end, ...clipIds('cat</w>')])
    expect(clip.ids('<|STARTOFTEXT|>')).not.toContain(start)
    expect(ClipTokenizer.fromJson(clipJson(), { cleaning: 'openai' }).ids('<|STARTOFTEXT|>')).toEqual([start])
  })

  it('pads with the end of text, or with what the file or the caller says', () => {
    const [start, end, cat] = clipIds('<|startoftext|>', '<|endoftext|>', 'cat</w>')
    expect([...clip.encode('cat', 5)]).toEqual([start, cat, end, end, end])
    expect([...ClipTokenizer.fromJson({ ...clipJson(), padding: { pad_id: 7 } }).encode('cat', 4)]).toEqual([
      start,
      cat,
      end,
      7,
    ])
    expect(ClipTokenizer.fromJson(clipJson(), { padId: 0 }).encode('', 77).at(-1)).toBe(0)
  })

  it('cuts a long text and keeps its end', () => {
    const [start, end, cat] = clipIds('<|startoftext|>', '<|endoftext|>', 'cat</w>')
    const ids = clip.encode('cat '.repeat(200))
    expect(ids.length).toBe(77)
    expect([ids[0], ids[75], ids[76]]).toEqual([start, cat, end])
  })

  it('gives ids of its vocabulary and the asked length for any text', () => {
    const size = Object.keys(clipJson().model.vocab).length
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 60 }),
        fc.integer({ min: 2, max: 90 }),
        (text, length) => {
          const ids = clip.encode(text, length)
          return ids.length === length && ids.every((id) => id >= 0 && id < size)
        },
      ),
    )
  })

  it('takes merges in either form', () => {
    const json = clipJson()
    json.model.merges = json.model.merges.map((merge) => (merge as string).split(' '))
    expect(ClipTokenizer.fromJson(json).ids('cat dog')).toEqual(clip.ids('cat dog'))
  })

  it('says what is wrong with a file', () => {
    const changed = (change: (json: ReturnType<typeof clipJson>) => void) => {
      const json = clipJson()
      change(json)
      return problem(() => ClipTokenizer.fromJson(json))
    }
    expect(problem(() => ClipTokenizer.fromJson(t5Json()))).toMatch(
      /bad-weights: .*T5 tokenizer, not that of CLIP/,
    )
    for (const json of [null, 3, [], {}, { model: null }])
      expect(problem(() => ClipTokenizer.fromJson(json))).toMatch(/bad-weights: This is not a tokenizer.json/)
    expect(changed(({ model }) => (model.type = 'WordPiece'))).toMatch(/none that is known/)
    expect(
      changed((json) => {
        json.added_tokens = []
        delete json.model.vocab['<|endoftext|>']
      }),
    ).toMatch(/lacks <\|endoftext\|>/)
    expect(changed(({ model }) => (model.vocab.a = -1))).toMatch(/"a" makes no sense/)
    expect(changed(({ model }) => (model.vocab.a = model.vocab.b))).toMatch(/taken twice/)
    expect(changed(({ model }) => (model.vocab = {}))).toMatch(/0 entries/)
    expect(changed(({ model }) => (model.merges[2] = 'a b c'))).toMatch(/merge 2 is no pair/)
    expect(changed((json) => (json.added_tokens[0].content = 'x'.repeat(2000)))).toMatch(/added token xxx/)
  })
})

describe("T5's tokenizer", () => {
  const t5 = T5Tokenizer.fromJson(t5Json())

  it('finds the likeliest pieces', () => {
    expect(t5.ids('a cat')).toEqual([4, 5])
    expect(t5.ids('cats')).toEqual([5, 10])
    expect(t5.ids('a   cat')).toEqual([4, 5])
    expect(t5.ids('')).toEqual([])
  })

  it('has one unknown for a run of unknown letters', () => {
    expect(t5.ids('a zzz')).toEqual([4, 3, 2])
  })

  it('ends every text and pads it, and keeps the end of a text that it cuts', () => {
    expect([...t5.encode('a cat', 5)]).toEqual([4, 5, 1, 0, 0])
    expect([...t5.encode('', 3)]).toEqual([1, 0, 0])
    expect([...t5.encode('a cat a cat', 3)]).toEqual([4, 5, 1])
    expect([...t5.encode('a', 1)]).toEqual([1])
  })

  it('splits added tokens off verbatim and numbers them after all others', () => {
    const dreamo = T5Tokenizer.fromJson(t5Json(), ADDED_TOKENS)
    expect(dreamo.addedIds).toEqual([21, 22, 23, 24, 25, 26, 27, 28, 29, 30])
    // The space before a token is a piece of its own; what follows begins a word again.
    expect(dreamo.ids('a [ref#1] on[res]')).toEqual([4, 3, 21, 11, 30])
    expect(dreamo.ids('[ref#9][ref#2]')).toEqual([29, 22])
    expect(dreamo.ids('[REF#1]')).not.toContain(21)
    expect(dreamo.ids('[ref#1')).toEqual([14, 15, 16, 17])
    expect(t5.ids('[ref#1]')).toEqual([14, 15, 16, 17, 13])
  })

  it('keeps the ids of added tokens that the file has already', () => {
    const json = t5Json()
    json.added_tokens.push({ id: 40, content: '[ref#2]', special: false, normalized: false })
    expect(T5Tokenizer.fromJson(json, ['[ref#1]', '[ref#2]']).addedIds).toEqual([41, 40])
  })

  it('splits at white space where the file says so', () => {
    const json = t5Json()
    json.pre_tokenizer = {
      type: 'Sequence',
      pretokenizers: [{ type: 'WhitespaceSplit' }, { type: 'Metaspace', replacement: '▁' }],
    }
    expect(T5Tokenizer.fromJson(json, ['[ref#1]']).ids('a [ref#1] on')).toEqual([4, 21, 11])
  })

  it('gives ids of its vocabulary and the asked length for any text', () => {
    const dreamo = T5Tokenizer.fromJson(t5Json(), ADDED_TOKENS)
    const text = fc.array(
      fc.oneof(fc.constantFrom('a ', 'cat', '[ref#3]', '▁'), fc.string({ unit: 'binary', maxLength: 5 })),
    )
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 40 }), (parts, length) => {
        const ids = dreamo.encode(parts.join(''), length)
        return ids.length === length && ids.includes(1) && ids.every((id) => id >= 0 && id <= 30)
      }),
    )
  })

  it('says what is wrong with a file, and runs none of its regular expressions', () => {
    const changed = (change: (json: ReturnType<typeof t5Json>) => void) => {
      const json = structuredClone(t5Json())
      change(json)
      return problem(() => T5Tokenizer.fromJson(json))
    }
    expect(problem(() => T5Tokenizer.fromJson(clipJson()))).toMatch(
      /bad-weights: .*CLIP tokenizer, not that of T5/,
    )
    expect(changed(({ model }) => (model.vocab[5] = ['cat', NaN]))).toMatch(/entry 5 makes no sense/)
    expect(changed(({ model }) => (model.vocab = []))).toMatch(/no vocabulary/)
    expect(changed(({ model }) => (model.unk_id = 99))).toMatch(/unknown token/)
    expect(
      changed((json) => {
        json.added_tokens = []
        json.model.vocab[1] = ['x', 0]
      }),
    ).toMatch(/lacks <\/s>/)
    const evil = { type: 'Replace', pattern: { Regex: '(a+)+$' }, content: '' }
    expect(changed((json) => (json.normalizer = evil))).toMatch(/unsupported: .*normalizer/)
    expect(changed((json) => (json.normalizer = { type: 'Sequence', normalizers: [evil] }))).toMatch(
      /unsupported/,
    )
    expect(changed((json) => (json.pre_tokenizer = { type: 'Split', pattern: { Regex: '(a+)+$' } }))).toMatch(
      /unsupported: .*pre-tokenizer/,
    )
    let deep: unknown = { type: 'Precompiled' }
    for (let i = 0; i < 10_000; i++) deep = { type: 'Sequence', normalizers: [deep] }
    expect(problem(() => T5Tokenizer.fromJson({ ...t5Json(), normalizer: deep })).slice(0, 11)).toBe(
      'unsupported',
    )
  })

  it('fails with a reason whatever stands in the file', () => {
    const shape = fc.record({
      added_tokens: fc.anything(),
      normalizer: fc.anything(),
      pre_tokenizer: fc.anything(),
      model: fc.record({
        type: fc.constantFrom('Unigram', 'BPE', 'WordPiece'),
        end_of_word_suffix: fc.constantFrom('</w>', ''),
        vocab: fc.anything(),
        merges: fc.anything(),
        unk_id: fc.anything(),
      }),
    })
    fc.assert(
      fc.property(fc.oneof(fc.anything(), shape), (json) => {
        for (const { fromJson } of [ClipTokenizer, T5Tokenizer])
          expect(problem(() => fromJson(json))).toMatch(/^(bad-weights|unsupported)/)
      }),
    )
  })
})

describe('a tokenizer.json', () => {
  it('is told apart', () => {
    expect(tokenizerOf(clipJson())).toBe('clip')
    expect(tokenizerOf(t5Json())).toBe('t5')
    for (const json of [null, 'x', {}, { model: { type: 'WordPiece' } }]) expect(tokenizerOf(json)).toBeNull()
  })

  it('is parsed from a file, unless that is too large or something else', async () => {
    const file = new Blob([JSON.stringify(t5Json())])
    expect(tokenizerOf(await readTokenizerJson(file, 'tokenizer.json'))).toBe('t5')
    await expect(readTokenizerJson(new Blob(['{"model":']), 'x.json')).rejects.toThrow(/not a JSON file/)
    const large = { size: 33_000_000, text: () => Promise.reject(new Error('was read')) } as unknown as Blob
    await expect(readTokenizerJson(large, 'x.json')).rejects.toThrow(/too large/)
  })
})

describe("OpenAI's cleaning", () => {
  it.each([
    ['&amp;amp; &#39; &#x41; &eacute; &yuml; &nothing;', "& ' a é ÿ &nothing;"],
    ['&lt;b&gt; x', '<b> x'],
    ['it’s “so”', 'it\'s "so"'],
    ['ﬁne ﬃ ǅ', 'fine ffi dž'],
    ['Ａ　１', 'a 1'],
    ['schÃ¶n', 'schön'],
    ['Ãber', 'ãber'],
    ['日本 Ã¶', '日本 ã¶'],
    ['\u001b[31mred\u001b[0m\u0000', 'red'],
    ['ΑΣ Σ', 'ας σ'],
    ['&#99999999; &#1114112; &#0;', '&#99999999; \ufffd \ufffd'],
  ])('%j -> %j', (text, expected) => {
    expect(openaiText(text)).toBe(expected)
  })
})

describe("DreamO's tokens", () => {
  it('are nine placeholders and the residual', () => {
    expect(ADDED_TOKENS).toHaveLength(10)
    expect(ADDED_TOKENS[0]).toBe('[ref#1]')
    expect(ADDED_TOKENS.slice(8)).toEqual(['[ref#9]', '[res]'])
  })
})

import { useMemo, type ReactNode } from 'react'

import { promptWords } from '@/base/promptWords'
import { deviationThreshold, otsuThreshold } from '@/base/wordMask'
import { setThreshold, toggleWord } from '@/document/align/commands'
import type { AlignWord } from '@/schema/modes/align'
import { coverage, paintShares, sharesAt } from '@/ui/align/maps'
import { useReferenceMaps } from '@/ui/align/useMaps'
import { RasterCanvas } from '@/ui/compose/PictureCanvas'
import { Section } from '@/ui/controls/Section'
import { percent, Slider } from '@/ui/controls/Slider'
import { useDocument, useStudio } from '@/ui/studio'
import type { WordMaps } from '@/worker/protocol'
import { useAlign } from '@/ui/align/useAlign'
import { say, sayNumber, sayTogether } from '@/words/say'

/** What the paper's prompts begin with, where nothing is known of the attention (specs: D-Fusion §8). */
const FIRST_THRESHOLD = 0.02
/** Words that stand for no thing: their regions are unclear (specs: D-Fusion §7). */
const SMALL = new Set(['a', 'an', 'the', 'and', 'or', 'of', 'on', 'in', 'at', 'to', 'with', 'is', 'are'])

/** Otsu's threshold (ours), short enough to read. */
const suggest = (shares: Float32Array): number => rounded(otsuThreshold(shares))
/** Two digits that count. */
const precise = (value: number): string => {
  const text = value.toPrecision(2)
  return sayNumber(Number(text), text.split('.')[1]?.length ?? 0)
}
const rounded = (threshold: number): number => Number(Math.min(1, threshold).toPrecision(3))

/** The words of the prompt; a picked word's region is taken over from the reference. */
export function WordsPanel(): ReactNode {
  const { document } = useStudio()
  const prompt = useDocument((state) => state.document.align.prompt)
  const picked = useDocument((state) => state.document.align.words)
  const settings = useDocument((state) => state.document.align.settings)
  const maps = useReferenceMaps()
  const words = useMemo(() => promptWords(prompt), [prompt])
  if (words.length === 0) return null
  const pick = (index: number) =>
    toggleWord(
      document,
      index,
      maps && index < maps.words ? suggest(sharesAt(maps, null, index, settings)) : FIRST_THRESHOLD,
    )
  return (
    <Section
      title={say('Words to take over')}
      actions={<span className="hint">{say('from the reference')}</span>}
    >
      <div className="word-chips" role="group" aria-label={say('Words of the prompt')}>
        {words.map(({ text, start }, index) => (
          <button
            key={start}
            type="button"
            className={SMALL.has(text.toLowerCase()) ? 'chip word small' : 'chip word'}
            aria-pressed={picked.some((word) => word.index === index)}
            data-testid="word"
            title={SMALL.has(text.toLowerCase()) ? say('Small words have no clear region') : undefined}
            onClick={() => pick(index)}
          >
            {text}
          </button>
        ))}
      </div>
      {picked.length === 0 && settings.fusion !== 'whole' && (
        <p className="hint word-hint">
          {say('Click the things that the base gets wrong. Things have clear regions, small words do not.')}
        </p>
      )}
      {picked.length > 0 && (
        <ul className="word-list">
          {picked.map((word) => (
            <WordRow key={word.index} word={word} text={words[word.index]?.text ?? ''} maps={maps} />
          ))}
        </ul>
      )}
      {picked.length > 0 && !maps && (
        <p className="hint word-hint">
          {say('Sample the reference to see each word’s region and to set it by itself.')}
        </p>
      )}
    </Section>
  )
}

interface WordRowProps {
  word: AlignWord
  text: string
  maps: WordMaps | null
}

/** A picked word: where the reference looks for it, and from which share on a cell belongs to it. */
function WordRow({ word: { index, threshold }, text, maps }: WordRowProps): ReactNode {
  const { document } = useStudio()
  const settings = useDocument((state) => state.document.align.settings)
  const step = useAlign((state) => state.step)
  const known = maps && index < maps.words ? maps : null
  const shares = useMemo(
    () => known && sharesAt(known, step, index, settings),
    [known, step, index, settings],
  )
  const overall = useMemo(() => known && sharesAt(known, null, index, settings), [known, index, settings])
  const most = overall ? overall.reduce((high, share) => Math.max(high, share), 0) * 1.25 : 0.1
  const top = Math.min(1, Math.max(most, threshold, 1e-3))
  const set = (value: number) => setThreshold(document, index, rounded(value))
  return (
    <li className="word-row" data-testid="word-row">
      {known && shares ? (
        <RasterCanvas
          raster={paintShares(shares, known.rows, known.columns, threshold)}
          className="word-map"
        />
      ) : (
        <span className="word-map unknown" aria-hidden="true">
          ?
        </span>
      )}
      <div className="word-body">
        <Slider
          label={text}
          testId="threshold"
          min={0}
          max={top}
          step={top / 200}
          value={threshold}
          format={(value) => sayTogether([precise(value), shares && percent(coverage(shares, value))])}
          onChange={set}
        />
        <div className="row">
          <button
            type="button"
            className="button slim"
            disabled={!overall}
            data-testid="threshold-auto"
            title={say('Parts the map in two groups of cells that differ most (Otsu)')}
            onClick={() => overall && set(otsuThreshold(overall))}
          >
            {say('Auto')}
          </button>
          <button
            type="button"
            className="button slim"
            disabled={!overall}
            title={say('Cells above the map’s mean plus one standard deviation')}
            onClick={() => overall && set(deviationThreshold(overall))}
          >
            {say('Mean + σ')}
          </button>
        </div>
      </div>
    </li>
  )
}

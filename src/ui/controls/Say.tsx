import { Fragment, type ReactNode } from 'react'

import { piecesOf, type Holes } from '@/words/patterns'
import { sentenceOf, type Message } from '@/words/say'

/** A sentence in the page's language with elements in its holes: keys to press, links, what is set in bold. */
export function Say<M extends Message>(props: { text: M } & Record<Holes<M>, ReactNode>): ReactNode {
  const values: Readonly<Record<string, ReactNode>> = props
  return piecesOf(sentenceOf(props.text)).map((piece, at) => (
    <Fragment key={at}>{at % 2 === 0 ? piece : values[piece]}</Fragment>
  ))
}

/**
 * What a model family is: a record of all that has to be known of it to take its weights in, to name them and to choose
 * among them. Pure data and functions of headers; how its networks run is in `nets`.
 */
import type * as v from 'valibot'

import type { LinearPart } from '@/families/adapters'
import type { Header, Layout, Shapes, Tensors } from '@/families/layout'

/** How the large linears of a pack are stored. */
export type Precision = 'q4' | 'q8' | 'f16'

/** Something about a network that whoever brings it has to say. @template C its config */
export interface Question<C> {
  words: string
  /** The first is the likeliest. */
  answers: readonly { words: string; config: C }[]
}

/** A kind of network that a pack can hold. A family lists those that it is made of; several may list the same. */
export interface Network<C = unknown> {
  /** Sizes and all else that a manifest says of it. */
  config: v.GenericSchema<unknown, C>
  /** What it is called beside others of the same file. */
  words: string
  /** In which order the networks of one file are offered; a family's main network has 0. */
  order: number
  /** Offered precisions, the suggested one first; networks without linears are always kept in 16 bits. */
  precisions: readonly Precision[]
  isIn(shapes: Shapes): boolean
  /**
   * Names of tensors that no other network has, where some are told apart by nothing else: the file is of this network
   * then, whatever else it looks like.
   */
  marks?: RegExp
  /** What a config.json says of itself (class, architecture) when it is this network's. */
  sideFile: RegExp
  /** Whether the files' names tell what its tensors do not: another name may make another model of the same files. */
  isToldByNames?: boolean
  /** What neither tensors nor names tell of it; null: nothing. */
  question?(config: C): Question<C> | null
  /**
   * @param names the files'
   * @throws bad-weights or unsupported when it is of a kind that cannot be used
   */
  layout(checkpoint: Header, names: readonly string[]): Layout<C>
  /**
   * "FLUX transformer, diffusers layout, 19 + 38 blocks"; `dialect` is the layout's. Both go into manifests, whose hashes
   * recipes name: worded anew, the same weights would be another model.
   */
  describe(config: C, dialect: string): { description: string; licence: string }
}

/** What is known of an installed pack where one is chosen. */
export interface PackFacts {
  family: string
  role: string | null
  tokenizerOf: string | null
  /** The model family that it belongs to; null or absent: not known. */
  base?: string | null
}

/** Where the authors publish a part; names to look for, nothing is fetched (docs/models.md). */
export interface Guide {
  name: string
  /** On Hugging Face. */
  repository: string
  /** Any one line of these is enough; files on a line belong together. */
  files: readonly string[]
  /** Bytes as published, where the specs give them. */
  bytes: number | null
  note?: string
}

/** Something that modes are made of. */
export interface Part {
  /** What it is called in sentences. */
  words: string
  guide: Guide
  matches(pack: PackFacts): boolean
}

/** What a LoRA of the family can be for; each is a part of some mode. */
export interface Role {
  /** What it is called in a list. */
  words: string
  /** What it is called in sentences. */
  sentence: string
  guide: Guide
  /** Names of the authors' files. */
  files: RegExp
  /** Names of tensors that only it has. */
  tensors?: RegExp
}

/** A table of embeddings that travels with an adapter; its width is that of a linear's rows or columns. */
export interface EmbeddingTable {
  rows: number
  /** Whether more rows may stand before those. */
  mayBeLonger: boolean
  width: readonly [linear: string, side: 'rows' | 'cols']
  /** Tables that are worth nothing without it. */
  needs?: string
}

/** The layer behind a module's name. */
export interface ModuleTarget {
  /** Canonical name of the linear. */
  linear: string
  part: LinearPart
  /** What the way of naming it is called. */
  dialect: string
}

/** A network that no mode uses, by names of its modules or by what an adapter's metadata says. */
export interface OtherAdapter {
  words: string
  modules?: RegExp
  trainedFor?: RegExp
}

/** How adapters for a family name its layers, and what they are held against. */
export interface AdapterTargets {
  /** The network that they adapt. */
  network: string
  /** Modules in any dialect. */
  modules: RegExp
  /** Modules that no other family has; they decide. */
  marks?: RegExp
  /** As programs that train adapters call the family in a file's metadata; it decides where names and shapes do not. */
  trainedFor?: RegExp
  /** Tells it by the shapes of its matrices, where names are another family's, too; they decide as marks do. */
  isIn?(shapes: Shapes): boolean
  /** Whether an adapter that looks like another family's may be this one's as well. */
  isAlike?(shapes: Shapes): boolean
  /** Whether an adapter that is alike is rather this one's, where neither metadata nor the file's name says. */
  isLikely?(shapes: Shapes): boolean
  /** As the names of adapters' files tell the family, where nothing in them does. */
  called?: RegExp
  /** Networks that are none of ours and whose adapters may look like this family's. */
  others: readonly OtherAdapter[]
  /** What manifests call the family; part of their hashes, so never worded anew. */
  recorded: string
  /** The model that is published, by name. */
  released: string
  /** Its canonical tensors. */
  parameters(): Tensors
  /** A module as a file names it; 'convolution' where that is what it adapts; null where there is no such layer. */
  target(module: string): ModuleTarget | 'convolution' | null
  /** A relative whose adapters have the same names, by the shapes of their matrices; null where it is none. */
  relative?(shapes: Shapes): string | null
  tables: Readonly<Record<string, EmbeddingTable>>
}

/** A network that is none of ours, though it may have tensors like them, by names that only it has. */
export interface Relative {
  pattern: RegExp
  /** Names beside which it is one of ours after all. */
  unless?: RegExp
  /** "is Chroma, a relative of FLUX that no mode is made for." */
  message: string
  hint: string
}

/** How a tokenizer.json is known. */
export interface Tokenizer {
  words: string
  /** Goes into manifests, as a network's. */
  description: string
  /** @param added its added tokens, as they are written */
  isIn(model: Readonly<Record<string, unknown>>, added: readonly unknown[]): boolean
}

export interface ModelFamily {
  /** "FLUX.1" */
  name: string
  /** "FLUX", where little room is. */
  shortName: string
  networks: Readonly<Record<string, Network>>
  tokenizers: Readonly<Record<string, Tokenizer>>
  parts: Readonly<Record<string, Part>>
  roles: Readonly<Record<string, Role>>
  adapters: AdapterTargets
  relatives: readonly Relative[]
  /** Whether a network of this config is the family's; networks that several families list are told apart by it. */
  owns(network: string, config: unknown): boolean
  /** What a pack of the family is called in a word or two. */
  packWords: Readonly<Record<string, string>>
}

/** Keeps a network's config type. */
export const network = <C>(record: Network<C>): Network<C> => record

// What the strategies of shared attention are told of one dispatch.
struct Params {
  heads: u32,
  query_tokens: u32,
  query_start: u32,
  query_length: u32,
  out_tokens: u32,
  out_start: u32,
  // Keys seen in all, the sum of the ranges' lengths.
  key_count: u32,
  range_count: u32,
  tokens_0: u32,
  tokens_1: u32,
  // Scale of the scores times log2(e): the softmax runs in base 2.
  scale_log2: f32,
  padding: u32,
  // Source, first token, length, unused.
  ranges: array<vec4u, 64>,
}

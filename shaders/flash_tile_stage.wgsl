// What the two tiled strategies share: workgroup memory, and how queries, keys and values come into it.
//
// A workgroup owns QUERIES = WORKGROUP / LANES * ROWS queries of one head. LANES neighbouring invocations share
// ROWS queries: each has ROWS x 4 scores and ROWS x VECTORS vec4s of the output in registers. KEYS = 4 * LANES
// keys are looked at together; CHUNK vec4s of their channels are in workgroup memory at a time, then SLOTS * 4
// of their values.
// Strides are odd, so that invocations which read different rows read different banks.
//
// Defines: those of attention_io.wgsl, and WORKGROUP, LANES, ROWS, KEYS, CHUNK, CHUNKS = ceil(D4 / CHUNK), STRIDE
// (odd, at least CHUNK), VECTORS = ceil(D4 / LANES), SLOTS (divides LANES), KV_VECTORS (size of the tile), QUERY_STRIDE,
// QUERY_VECTORS, and flags RESIDENT (all channels of the queries stay in workgroup memory), HALF_TILE (keys and
// values are packed there), SHADER_F16.

#include "attention_locate.wgsl"

const QUERY_ROWS = WORKGROUP / LANES;
const QUERIES = QUERY_ROWS * ROWS;
const VALUE_STRIDE = VECTORS * LANES;

#ifdef HALF_TILE
#ifdef SHADER_F16
#define KV_TYPE vec4<f16>
#else
#define KV_TYPE vec2u
#endif
#else
#define KV_TYPE vec4f
#endif

// [QUERIES, QUERY_STRIDE], scaled.
var<workgroup> query_tile: array<vec4f, QUERY_VECTORS>;
// Keys [KEYS, STRIDE], then values [SLOTS * 4, VALUE_STRIDE].
var<workgroup> kv_tile: array<KV_TYPE, KV_VECTORS>;

fn store_kv(at: u32, x: vec4f) {
#ifdef HALF_TILE
#ifdef SHADER_F16
  kv_tile[at] = vec4<f16>(x);
#else
  // The values were halves before: nothing is rounded.
  kv_tile[at] = vec2u(pack2x16float(x.xy), pack2x16float(x.zw));
#endif
#else
  kv_tile[at] = x;
#endif
}

fn load_kv(at: u32) -> vec4f {
#ifdef HALF_TILE
#ifdef SHADER_F16
  return vec4f(kv_tile[at]);
#else
  let packed = kv_tile[at];
  return vec4f(unpack2x16float(packed.x), unpack2x16float(packed.y));
#endif
#else
  return kv_tile[at];
#endif
}

// Channels from vec4 `first` on, `vectors` of them, of the workgroup's queries, scaled.
fn stage_queries(first: u32, vectors: u32, group: vec3u, index: u32) {
  for (var at = index; at < QUERIES * vectors; at += WORKGROUP) {
    let query = at / vectors;
    let i = first + at % vectors;
    // Rows past the end repeat the last query and store nothing.
    let token = params.query_start + min(group.x * QUERIES + query, params.query_length - 1);
    let row = (group.z * params.query_tokens + token) * params.heads + group.y;
    var x = vec4f(0.0);
    if (i < D4) {
      x = load_q(row, i) * params.scale_log2;
    }
    query_tile[query * QUERY_STRIDE + at % vectors] = x;
  }
}

// CHUNK vec4s of the tile's keys. Key 4 * lane + k lies in row k * LANES + lane: lanes read neighbouring rows, and the
// four keys of a lane are neighbours.
fn stage_keys(first: u32, index: u32) {
  for (var at = index; at < KEYS * CHUNK; at += WORKGROUP) {
    let n = at / CHUNK;
    let i = first + at % CHUNK;
    let found = located[(n % LANES) * 4 + n / LANES];
    var x = vec4f(0.0);
    if (i < D4) {
      x = load_key(found, found.y, i);
    }
    store_kv(n * STRIDE + at % CHUNK, x);
  }
}

#ifdef WRITE_OUT
// All channels of SLOTS * 4 keys' values, from key `first` of the tile on.
fn stage_values(first: u32, index: u32) {
  for (var at = index; at < SLOTS * 4 * VALUE_STRIDE; at += WORKGROUP) {
    let i = at % VALUE_STRIDE;
    let found = located[first + at / VALUE_STRIDE];
    var x = vec4f(0.0);
    if (i < D4) {
      x = load_value(found, found.y, i);
    }
    store_kv(at, x);
  }
}
#endif

// Four times 1 for a key that is seen, 0 for one that is not.
fn seen_by(lane: u32) -> vec4f {
  var seen = vec4f(0.0);
#for k 0 4
  seen[$k] = select(1.0, 0.0, located[lane * 4 + $k].x == NO_SOURCE);
#endfor
  return seen;
}

// factor * sum over heads and the keys of a group of exp(scale * q·k - lse), per query and group.
//
// Each invocation keeps ROWS queries of one head after the other in registers and adds up over heads. Its
// workgroup brings TILE keys at a time into workgroup memory. The heads are dealt out to SLICES slices of
// LANES invocations, each with a tile of its own; their sums meet at the end, in a fixed order.
// Grid: (ceil(query_length / (LANES * ROWS)), groups, batch).
//
// Defines: those of attention_io.wgsl (without WRITE_OUT and WRITE_LSE), and WORKGROUP = LANES * SLICES,
// SLICED (more than one slice), ROWS, TILE (a multiple of KEYS), KEYS, ACCUMULATE.
struct Params {
  heads: u32,
  query_tokens: u32,
  query_start: u32,
  query_length: u32,
  lse_tokens: u32,
  lse_start: u32,
  // Maps per batch item, and the one that this dispatch begins with.
  out_groups: u32,
  first_group: u32,
  out_tokens: u32,
  out_start: u32,
  tokens_0: u32,
  tokens_1: u32,
  scale_log2: f32,
  factor: f32,
  padding: vec2u,
  // First range, the one past the last, keys in all, unused.
  groups: array<vec4u, 16>,
  // Source, first token, length, unused.
  ranges: array<vec4u, 64>,
}

#include "attention_io.wgsl"

@group(0) @binding(8) var<storage, read> lse_rows: array<f32>;
@group(0) @binding(9) var<storage, read_write> map_values: array<f32>;

const LOG2_E = 1.4426950408889634;

var<workgroup> key_tile: array<vec4f, SLICES * TILE * D4>;
var<workgroup> seen_tile: array<f32, TILE>;
#ifdef SLICED
var<workgroup> sums: array<f32, WORKGROUP * ROWS>;
#endif

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) part: vec3u, @builtin(local_invocation_index) index: u32) {
  let group = params.groups[part.y];
  let batch = part.z;
  let slice = index / LANES;
  let lane = index % LANES;
  let own_tile = slice * TILE * D4;

#for r 0 ROWS
  let query$r = part.x * (LANES * ROWS) + $r * LANES + lane;
  // Lanes past the end repeat the last query and store nothing.
  let token$r = min(query$r, params.query_length - 1);
  var sum$r = 0.0;
#endfor

  for (var first = 0u; first < params.heads; first += SLICES) {
    // A slice past the last head repeats it and counts nothing.
    let head = min(first + slice, params.heads - 1);
    let counts = first + slice < params.heads;
#for r 0 ROWS
    let row$r = (batch * params.query_tokens + params.query_start + token$r) * params.heads + head;
    var q$r: array<vec4f, D4>;
    for (var i = 0u; i < D4; i++) {
      q$r[i] = load_q(row$r, i) * params.scale_log2;
    }
    let lse$r = lse_rows[(batch * params.heads + head) * params.lse_tokens + params.lse_start + token$r];
    // A query that sees no key attends to nothing.
    let counts$r = select(0.0, 1.0, counts && lse$r > 0.5 * EMPTY);
    let shift$r = select(0.0, lse$r * LOG2_E, counts$r > 0.0);
#endfor

    for (var tile = 0u; tile < group.z; tile += TILE) {
      workgroupBarrier();
      for (var at = lane; at < TILE * D4; at += LANES) {
        let found = locate(tile + at / D4, group.x, group.y);
        key_tile[own_tile + at] = load_key(found, key_row(found, batch, head), at % D4);
      }
      for (var at = index; at < TILE; at += WORKGROUP) {
        seen_tile[at] = key_seen(locate(tile + at, group.x, group.y), batch);
      }
      workgroupBarrier();

      let count = min(TILE, group.z - tile);
      for (var key = 0u; key < count; key += KEYS) {
#for r 0 ROWS
#for k 0 KEYS
        var p$r_$k = -shift$r;
#endfor
#endfor
        for (var i = 0u; i < D4; i++) {
#for k 0 KEYS
          let k$k = key_tile[own_tile + (key + $k) * D4 + i];
#endfor
#for r 0 ROWS
          let x$r = q$r[i];
#for k 0 KEYS
          p$r_$k += dot(x$r, k$k);
#endfor
#endfor
        }
#for r 0 ROWS
#for k 0 KEYS
        // No probability exceeds 1; the bound keeps hidden keys and rows that do not count from overflowing.
        sum$r += counts$r * seen_tile[key + $k] * exp2(min(p$r_$k, 1.0));
#endfor
#endfor
      }
    }
  }

#ifdef SLICED
#for r 0 ROWS
  sums[index * ROWS + $r] = sum$r;
#endfor
  workgroupBarrier();
  if (slice > 0) {
    return;
  }
  for (var other = 1u; other < SLICES; other++) {
#for r 0 ROWS
    sum$r += sums[other * LANES * ROWS + lane * ROWS + $r];
#endfor
  }
#endif

  let out = (batch * params.out_groups + params.first_group + part.y) * params.out_tokens + params.out_start;
#for r 0 ROWS
  if (query$r < params.query_length) {
    let value$r = params.factor * sum$r;
#ifdef ACCUMULATE
    map_values[out + query$r] += value$r;
#else
    map_values[out + query$r] = value$r;
#endif
  }
#endfor
}

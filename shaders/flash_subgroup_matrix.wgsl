#ifdef SUBGROUP_MATRIX
enable f16;
enable chromium_experimental_subgroup_matrix;
diagnostic(off, chromium.subgroup_matrix_uniformity);
#endif
// softmax(scale * Q K^T) V, strategy "subgroup-matrix": products are the hardware's, of halves into f32; for keys and values that are
// halves already. What they make passes through workgroup memory, where lanes do the online softmax in base 2.
//
// A workgroup is SUBGROUPS subgroups of LANES invocations; each owns MATRIX_M queries of one head, PARTS = LANES / MATRIX_M
// lanes a query: each has DP / PARTS channels of the output in registers. KEYS keys are looked at together; a tile of which no
// key is seen is skipped.
// Grid: (ceil(query_length / QUERIES), heads, batch). Defines: those of attention_io.wgsl and subgroup_matrix.wgsl, and WORKGROUP = SUBGROUPS * LANES,
// PARTS, KEYS and DP (headDim padded; multiples of MATRIX_N and MATRIX_K), D_BLOCKS = DP / MATRIX_N, D_CHUNKS = DP / MATRIX_K, KEY_BLOCKS = KEYS / MATRIX_N,
// KEY_CHUNKS = KEYS / MATRIX_K, SPAN = max(DP, KEYS), OWN = DP / PARTS / 4, HALF_TYPE. QUERIES is at most KEYS.
#include "attention_params.wgsl"
#include "attention_io.wgsl"
#include "attention_locate.wgsl"

const QUERIES = SUBGROUPS * MATRIX_M;

// The queries once, [QUERIES, DP]; then of every tile the keys, [DP, KEYS], and the values, [KEYS, DP].
var<workgroup> kv_tile: array<HALF_TYPE, KEYS * DP>;
// By subgroup: [MATRIX_M, KEYS].
var<workgroup> weights: array<HALF_TYPE, SUBGROUPS * MATRIX_M * KEYS>;
// By subgroup: scores [MATRIX_M, KEYS], then what the tile adds to the output, [MATRIX_M, DP].
var<workgroup> work: array<f32, SUBGROUPS * MATRIX_M * SPAN>;

#include "subgroup_matrix.wgsl"

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) index: u32) {
  let head = group.y;
  let batch = group.z;
  let subgroup = index / LANES;
  let row = (index % LANES) / PARTS;
  let part = index % PARTS;
  let own_weights = subgroup * (MATRIX_M * KEYS);
  let own_work = subgroup * (MATRIX_M * SPAN);
  var best = EMPTY;
  // Of this lane's keys only.
  var total = 0.0;
#for d 0 OWN
  var sum$d = vec4f(0.0);
#endfor

  for (var at = index; at < QUERIES * (DP / 4); at += WORKGROUP) {
    let query = at / (DP / 4);
    let i = at % (DP / 4);
    // Rows past the end repeat the last query and store nothing.
    let token = params.query_start + min(group.x * QUERIES + query, params.query_length - 1);
    var x = vec4f(0.0);
    if (i < D4) {
      x = load_q((batch * params.query_tokens + token) * params.heads + head, i) * params.scale_log2;
    }
#for c 0 4
    kv_tile[query * DP + 4 * i + $c] = to_half(x[$c]);
#endfor
  }
  workgroupBarrier();
#for c 0 D_CHUNKS
  let q$c = left_of_tile(subgroup * (MATRIX_M * DP) + $c * MATRIX_K, DP);
#endfor

  for (var tile = 0u; tile < params.key_count; tile += KEYS) {
    if (locate_tile(tile, batch, head, index) == 0) {
      continue;
    }
    for (var at = index; at < KEYS * (DP / 4); at += WORKGROUP) {
      let n = at / (DP / 4);
      let i = at % (DP / 4);
      let found = located[n];
      var x = vec4f(0.0);
      if (i < D4) {
        x = load_key(found, found.y, i);
      }
#for c 0 4
      kv_tile[(4 * i + $c) * KEYS + n] = to_half(x[$c]);
#endfor
    }
    workgroupBarrier();
    for (var block = 0u; block < KEY_BLOCKS; block++) {
      var scores = Result();
#for c 0 D_CHUNKS
      scores = multiply_add(q$c, right_of_tile($c * MATRIX_K * KEYS + block * MATRIX_N, KEYS), scores);
#endfor
      store_work(own_work + block * MATRIX_N, scores, KEYS);
    }
    workgroupBarrier();

    let before = best;
    for (var n = 0u; n < KEYS; n++) {
      if (located[n].x != NO_SOURCE) {
        best = max(best, work[own_work + row * KEYS + n]);
      }
    }
    let keep = exp2(before - best);
    total *= keep;
    for (var n = part; n < KEYS; n += PARTS) {
      // The factor matters while best is EMPTY, when exp2(EMPTY - EMPTY) is 1.
      let seen = select(1.0, 0.0, located[n].x == NO_SOURCE);
      let p = to_half(exp2(min(work[own_work + row * KEYS + n] - best, 0.0)) * seen);
      weights[own_weights + row * KEYS + n] = p;
      // As the products see it.
      total += f32(p);
    }
#ifdef WRITE_OUT
    for (var at = index; at < KEYS * (DP / 4); at += WORKGROUP) {
      let n = at / (DP / 4);
      let i = at % (DP / 4);
      let found = located[n];
      var x = vec4f(0.0);
      if (i < D4) {
        x = load_value(found, found.y, i);
      }
#for c 0 4
      kv_tile[n * DP + 4 * i + $c] = to_half(x[$c]);
#endfor
    }
    workgroupBarrier();
    for (var block = 0u; block < D_BLOCKS; block++) {
      var added = Result();
#for c 0 KEY_CHUNKS
      let weights$c = left_of_weights(own_weights + $c * MATRIX_K, KEYS);
      added = multiply_add(weights$c, right_of_tile($c * MATRIX_K * DP + block * MATRIX_N, DP), added);
#endfor
      store_work(own_work + block * MATRIX_N, added, DP);
    }
    workgroupBarrier();
#for d 0 OWN
    let from$d = own_work + row * DP + (part * OWN + $d) * 4;
    sum$d = sum$d * keep + vec4f(work[from$d], work[from$d + 1], work[from$d + 2], work[from$d + 3]);
#endfor
#endif
  }

  workgroupBarrier();
  work[own_work + row * PARTS + part] = total;
  workgroupBarrier();
  total = 0.0;
  for (var l = 0u; l < PARTS; l++) {
    total += work[own_work + row * PARTS + l];
  }
  let at = group.x * QUERIES + subgroup * MATRIX_M + row;
  if (at < params.query_length) {
#ifdef WRITE_OUT
    let out = (batch * params.out_tokens + params.out_start + at) * params.heads + head;
    let inverse = select(0.0, 1.0 / total, total > 0.0);
#for d 0 OWN
    if (part * OWN + $d < D4) {
      store_out(out, part * OWN + $d, sum$d * inverse);
    }
#endfor
#endif
#ifdef WRITE_LSE
    if (part == 0) {
      let line = (batch * params.heads + head) * params.out_tokens + params.out_start + at;
      lse_values[line] = select(EMPTY, (best + log2(total)) * LN_2, total > 0.0);
    }
#endif
  }
}

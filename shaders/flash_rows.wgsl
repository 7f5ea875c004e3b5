// softmax(scale * Q K^T) V, strategy "rows": an invocation owns whole queries.
//
// Each of WORKGROUP invocations keeps ROWS queries and their accumulators in registers. The workgroup
// brings TILE keys and values at a time into workgroup memory; every invocation reads them at the same
// address, so that a load is a broadcast and serves ROWS multiply-adds. The online softmax runs in
// base 2 over KEYS keys at once. Grid: (ceil(query_length / (WORKGROUP * ROWS)), heads, batch).
//
// Defines: those of attention_io.wgsl, and WORKGROUP, ROWS, TILE (a multiple of KEYS), KEYS.
#include "attention_params.wgsl"
#include "attention_io.wgsl"

var<workgroup> key_tile: array<vec4f, TILE * D4>;
#ifdef WRITE_OUT
var<workgroup> value_tile: array<vec4f, TILE * D4>;
#endif
var<workgroup> seen_tile: array<f32, TILE>;

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let head = group.y;
  let batch = group.z;

#for r 0 ROWS
  let query$r = group.x * (WORKGROUP * ROWS) + $r * WORKGROUP + lane;
  // Lanes past the end repeat the last query and store nothing.
  let token$r = params.query_start + min(query$r, params.query_length - 1);
  let row$r = (batch * params.query_tokens + token$r) * params.heads + head;
  var q$r: array<vec4f, D4>;
  var sum$r: array<vec4f, D4>;
  var max$r = EMPTY;
  var total$r = 0.0;
  for (var i = 0u; i < D4; i++) {
    q$r[i] = load_q(row$r, i) * params.scale_log2;
    sum$r[i] = vec4f(0.0);
  }
#endfor

  for (var tile = 0u; tile < params.key_count; tile += TILE) {
    workgroupBarrier();
    for (var at = lane; at < TILE * D4; at += WORKGROUP) {
      let found = locate(tile + at / D4, 0, params.range_count);
      let row = key_row(found, batch, head);
      key_tile[at] = load_key(found, row, at % D4);
#ifdef WRITE_OUT
      value_tile[at] = load_value(found, row, at % D4);
#endif
    }
    for (var at = lane; at < TILE; at += WORKGROUP) {
      seen_tile[at] = key_seen(locate(tile + at, 0, params.range_count), batch);
    }
    workgroupBarrier();

    let count = min(TILE, params.key_count - tile);
    for (var key = 0u; key < count; key += KEYS) {
#for r 0 ROWS
#for k 0 KEYS
      var p$r_$k = 0.0;
#endfor
#endfor
      for (var i = 0u; i < D4; i++) {
#for k 0 KEYS
        let k$k = key_tile[(key + $k) * D4 + i];
#endfor
#for r 0 ROWS
        let x$r = q$r[i];
#for k 0 KEYS
        p$r_$k += dot(x$r, k$k);
#endfor
#endfor
      }

#for k 0 KEYS
      let seen$k = seen_tile[key + $k];
#endfor
#for r 0 ROWS
      let before$r = max$r;
#for k 0 KEYS
      p$r_$k = select(EMPTY, p$r_$k, seen$k > 0.0);
      max$r = max(max$r, p$r_$k);
#endfor
      let keep$r = exp2(before$r - max$r);
      total$r *= keep$r;
#for k 0 KEYS
      // The factor matters while max is EMPTY, when exp2(EMPTY - EMPTY) is 1.
      p$r_$k = exp2(p$r_$k - max$r) * seen$k;
      total$r += p$r_$k;
#endfor
#endfor

#ifdef WRITE_OUT
      for (var i = 0u; i < D4; i++) {
#for k 0 KEYS
        let v$k = value_tile[(key + $k) * D4 + i];
#endfor
#for r 0 ROWS
        var next$r = sum$r[i] * keep$r;
#for k 0 KEYS
        next$r += p$r_$k * v$k;
#endfor
        sum$r[i] = next$r;
#endfor
      }
#endif
    }
  }

#for r 0 ROWS
  if (query$r < params.query_length) {
#ifdef WRITE_OUT
    let out$r = (batch * params.out_tokens + params.out_start + query$r) * params.heads + head;
    let inverse$r = select(0.0, 1.0 / total$r, total$r > 0.0);
    for (var i = 0u; i < D4; i++) {
      store_out(out$r, i, sum$r[i] * inverse$r);
    }
#endif
#ifdef WRITE_LSE
    let at$r = (batch * params.heads + head) * params.out_tokens + params.out_start + query$r;
    lse_values[at$r] = select(EMPTY, (max$r + log2(total$r)) * LN_2, total$r > 0.0);
#endif
  }
#endfor
}

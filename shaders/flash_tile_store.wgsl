// The end of both tiled strategies: what an invocation has of its queries goes out.
#for r 0 ROWS
  let at$r = group.x * QUERIES + query$r;
  if (at$r < params.query_length) {
#ifdef WRITE_OUT
    let out$r = (batch * params.out_tokens + params.out_start + at$r) * params.heads + head;
    let inverse$r = select(0.0, 1.0 / total$r, total$r > 0.0);
#for d 0 VECTORS
    if ($d * LANES + lane < D4) {
      store_out(out$r, $d * LANES + lane, sum$r_$d * inverse$r);
    }
#endfor
#endif
#ifdef WRITE_LSE
    if (lane == 0) {
      let row$r = (batch * params.heads + head) * params.out_tokens + params.out_start + at$r;
      lse_values[row$r] = select(EMPTY, (max$r + log2(total$r)) * LN_2, total$r > 0.0);
    }
#endif
  }
#endfor

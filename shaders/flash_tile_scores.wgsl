// Scores of both tiled strategies: p0, p1, …, ROWS queries with the four keys of a lane, summed over chunks of channels.
#for r 0 ROWS
    var p$r = vec4f(0.0);
#endfor
    for (var chunk = 0u; chunk < CHUNKS; chunk++) {
      if (chunk > 0) {
        workgroupBarrier();
      }
#ifdef RESIDENT
      let own = chunk * CHUNK;
#else
      stage_queries(chunk * CHUNK, CHUNK, group, index);
      const own = 0u;
#endif
      stage_keys(chunk * CHUNK, index);
      workgroupBarrier();
      for (var i = 0u; i < CHUNK; i++) {
#for k 0 4
        let k$k = load_kv(($k * LANES + lane) * STRIDE + i);
#endfor
#for r 0 ROWS
        let q$r = query_tile[query$r * QUERY_STRIDE + own + i];
        p$r += vec4f(dot(q$r, k0), dot(q$r, k1), dot(q$r, k2), dot(q$r, k3));
#endfor
      }
    }

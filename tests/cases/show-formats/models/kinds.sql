select * from (values
  (1, 9007199254740993::bigint, 12345678901234567890.123456::decimal(38,6), 1.10::decimal(9,2), 0.1::double, date '2025-01-31', timestamp '2025-01-31 10:11:12.5',
   timestamptz '2025-01-31 10:11:12+00', time '10:11:12', true, 'a "quoted", text', {'a': 1, 'b': [1.5, null]}, [1, 2], null::integer, '\xAB'::blob, interval 1 day, 'nan'::double),
  (2, -5, -0.5, 0, 1e300, date '0001-01-01', null, null, null, false, E'two\nlines', null, [], 3, null, null, null)
) t (i, big, dec, money, dbl, d, ts, tz, tm, flag, txt, obj, lst, nul, bin, iv, nan)
order by i

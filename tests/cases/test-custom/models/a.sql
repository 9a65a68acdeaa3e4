select i as id, i % 3 as third from range(6) t(i)

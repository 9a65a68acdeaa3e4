select '{{ env_var("REGION") }}' as r, {{ var('v') }} as v, '{{ target.name }}' as t from {{ m() }}

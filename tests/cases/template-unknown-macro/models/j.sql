select '{{ "".__class__.__mro__ }}'

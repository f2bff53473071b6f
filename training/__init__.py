"""The workshop: examples in, model directory out. The only room with torch."""

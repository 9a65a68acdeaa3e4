export function page() {
  return '';
}

/** Signs out by a form, as a change has to be: a link could be followed by anything that prefetches. */
export function signOut(): void {
  const form = document.createElement("form");
  form.method = "post";
  form.action = "/api/auth/sign-out";
  document.body.append(form);
  form.submit();
}

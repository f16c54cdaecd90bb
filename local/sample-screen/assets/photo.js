// Asks for an upload URL, keeps the session that comes with it, and uploads the photo.
inapp && document.getElementById("photo").addEventListener("change", async (event) => {
  const headers = { "content-type": "application/x-www-form-urlencoded", accept: "application/json" };
  const body = new URLSearchParams({ session: inapp.sessionField.value });
  const response = await fetch(location.pathname + "/photos", { method: "POST", headers, body });
  const { url, session } = await response.json();
  inapp.sessionField.value = session;
  await fetch(url, { method: "PUT", body: event.target.files[0] });
});

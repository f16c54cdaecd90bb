inapp && document.getElementById("photo").addEventListener("change", async (event) => {
  const headers = { "content-type": "application/x-www-form-urlencoded", accept: "application/json" };
  const body = new URLSearchParams({ session: inapp.held.value });
  const answer = await fetch(location.pathname + "/photos", { method: "POST", headers, body });
  const { url, session } = await answer.json();
  inapp.held.value = session;
  await fetch(url, { method: "PUT", body: event.target.files[0] });
});

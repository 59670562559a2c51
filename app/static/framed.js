// Pages that somebody wrote, in a frame of their own.

/** Show HTML that came of a form in a frame of its own, in which nothing runs. */
export const framed = (place, address, fields, title) => {
  const frame = document.createElement("iframe");
  frame.className = "letter-html";
  frame.name = `frame-${Math.random().toString(36).slice(2)}`;
  frame.title = title;
  frame.setAttribute("sandbox", "");
  place.replaceChildren(frame);
  const sent = document.createElement("form");
  sent.method = "post";
  sent.action = address;
  sent.target = frame.name;
  sent.hidden = true;
  for (const [name, value] of fields) {
    const input = document.createElement("textarea");
    input.name = name;
    input.value = value;
    sent.append(input);
  }
  document.body.append(sent);
  sent.submit();
  sent.remove();
};

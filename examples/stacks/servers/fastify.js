// The documented answer from Fastify, its GIF pictures made by trek-captcha.
"use strict";

const crypto = require("node:crypto");
const fastify = require("fastify");
const captcha = require("trek-captcha");

const { FAULT, PORT } = process.env;
const app = fastify();

app.post("/oauth/api/account/getImgCode", async () => {
  const { buffer } = await captcha();
  const picture = FAULT === "picture-cut-off" ? buffer.subarray(0, buffer.length / 2) : buffer;
  const data = {
    img: `data:image/gif;base64,${picture.toString("base64")}`,
    img_code_id: crypto.randomBytes(3).toString("hex").toUpperCase(),
  };
  if (FAULT === "number-an-integer") data.img_code_id = crypto.randomInt(1e6);
  if (FAULT === "row-missing") delete data.img_code_id;
  return { request_id: crypto.randomUUID(), code: "000", msg: "成功", data };
});

app.listen({ port: Number(PORT), host: "127.0.0.1" });

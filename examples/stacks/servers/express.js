// The documented answer from Express: svg-captcha draws, sharp makes a JPEG of it.
"use strict";

const crypto = require("node:crypto");
const express = require("express");
const sharp = require("sharp");
const svgCaptcha = require("svg-captcha");

const { FAULT, PORT } = process.env;
const app = express();

app.post("/oauth/api/account/getImgCode", async (_, response) => {
  const { data: svg } = svgCaptcha.create({ width: 125, height: 45, background: "#fff", noise: 3 });
  let picture = await sharp(Buffer.from(svg)).jpeg({ quality: 75 }).toBuffer();
  if (FAULT === "picture-cut-off") picture = picture.subarray(0, picture.length / 2);
  const data = {
    img: `data:image/jpg;base64,${picture.toString("base64")}`,
    img_code_id: crypto.randomBytes(3).toString("hex").toUpperCase(),
  };
  if (FAULT === "number-an-integer") data.img_code_id = crypto.randomInt(1e6);
  if (FAULT === "row-missing") delete data.img_code_id;
  response.json({ request_id: crypto.randomUUID(), code: "000", msg: "成功", data });
});

app.listen(Number(PORT), "127.0.0.1");

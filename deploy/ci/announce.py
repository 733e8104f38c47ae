import json, os, pathlib, sys, urllib.request as web

url, report = os.environ["WEBHOOK"], json.loads(pathlib.Path(sys.argv[1]).read_text("utf-8"))
found = [f"{each['environment']} {each['id']}: {each['verdict']}" for each in report["operations"]]
text = "\n".join([f"接口契约 {report['environment']}: {report['verdict']}", *found])[:600]
message = {"msgtype": "text", "text": {"content": text}}  # DingTalk 钉钉, WeCom 企业微信
if "/open-apis/bot/" in url:  # Feishu 飞书
    message = {"msg_type": "text", "content": {"text": text}}
sent = web.Request(url, json.dumps(message).encode(), {"Content-Type": "application/json"})
answer = json.loads(web.urlopen(sent, timeout=10).read())
sys.exit(answer.get("errcode", answer.get("code")) and f"refused: {answer}")

#!/usr/bin/env python3
"""A stand-in for DoubleTick, for the driven window. It answers as DoubleTick is known to, and writes
every request it was asked into a file, one JSON object a line.

    standin.py PORT LOG [PHONE...]

It knows the customers whose PHONE is named, and two of its own, who have written; everybody else is an
Invalid Customer. Its key is in STANDIN_KEY. Who is blocked it forgets when it ends, the file stays; so
it is switched off by ending it and on by starting it again.
"""

import json
import os
import re
import sys
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

WABA = "918888888888"
NOW = int(time.time() * 1000)
MINUTE = 60_000

# Its own chats: what was written, and by whom.
CHATS = {
    "919137979401": ("Riya D", [("CUSTOMER", "How to proceed with that?", 50), ("USER", "I am looking into it.", 48)]),
    "918765432109": ("Kabir Shah", [("CUSTOMER", "Is the shop open on Sunday?", 90)]),
}


def digits(text):
    return re.sub(r"\D", "", text or "")


class Standin(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    known, blocked, texts, key, log = set(CHATS), set(), {}, "", None

    def answer(self, code, body):
        raw = json.dumps(body).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def error(self, code, message, error=None):
        self.answer(code, {"statusCode": code, "message": message, **({"error": error} if error else {})})

    def serve(self, body):
        url = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        self.log.write(json.dumps({"at": time.time(), "method": self.command, "path": url.path, "query": query, "body": body}) + "\n")
        self.log.flush()
        if self.headers.get("Authorization") != self.key:
            return self.error(401, "Unauthorized")
        act = {
            ("POST", "/customer/block"): self.block, ("POST", "/customer/unblock"): self.unblock,
            ("POST", "/whatsapp/message/text"): self.text, ("GET", "/whatsapp/message/status"): self.fate,
            ("GET", "/chats"): self.chats, ("GET", "/chat-messages"): self.messages,
        }.get((self.command, url.path))
        if not act:
            return self.error(404, f"Cannot {self.command} {url.path}", "Not Found")
        act(query if body is None else body)

    def do_GET(self):
        self.serve(None)

    def do_POST(self):
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        try:
            body = json.loads(raw)
        except ValueError:
            body = {}
        self.serve(body if isinstance(body, dict) else {})

    def customer(self, body):
        """The customer that a body names; None where that was answered already."""
        phone = body.get("phone")
        if not isinstance(phone, str):
            return self.error(400, ["phone must be a string"], "Not Found")
        if not 10 <= len(phone) <= 15:
            return self.error(400, ["phone must be longer than or equal to 10 characters"], "Not Found")
        if digits(phone) not in self.known:
            return self.error(404, "Invalid Customer")
        return digits(phone)

    def block(self, body):
        if who := self.customer(body):
            self.blocked.add(who)
            self.answer(201, {})

    def unblock(self, body):
        if who := self.customer(body):
            self.blocked.discard(who)
            self.answer(201, {})

    def text(self, body):
        to, number = body.get("to"), body.get("messageId") or str(uuid.uuid4())
        if not isinstance(to, str) or not (body.get("content") or {}).get("text"):
            return self.error(422, ["to and content.text must be strings"])
        at = int(time.time() * 1000)
        self.texts[number] = {"sentAt": at, "deliveredAt": at, "readAt": None, "failedAt": None}
        self.answer(200, {"recipient": to, "status": "SENT", "messageId": number})

    def fate(self, query):
        known = self.texts.get(query.get("messageId"))
        if not known:
            return self.error(404, "Message not found")
        self.answer(200, {"messageId": query["messageId"], **known})

    def chats(self, query):
        rows = []
        for phone, (name, said) in CHATS.items():
            origin, text, ago = said[-1]
            at = NOW - ago * MINUTE
            rows.append({
                "name": name, "phoneNumber": "+" + phone, "wabaNumber": WABA, "unreadCount": 0, "isDone": False,
                "lastMessageTime": at, "chatUpdatedTime": at, "lastMessage": {"text": text, "messageType": "TEXT"},
                "assignedUserName": None, "tagNames": [], "eligibleMessageTypes": ["ANY", "TEMPLATE"]})
        more = {"hasMoreChats": False, "nextChatId": None, "nextChatTimestamp": None}
        self.answer(200, {"chats": rows + rows[:1], "paginationOptions": more})  # a row comes twice at times

    def messages(self, query):
        phone = digits(query.get("customerNumber"))
        name, said = CHATS.get(phone, ("", []))
        self.answer(200, {"messages": [{
            "id": str(uuid.uuid5(uuid.NAMESPACE_URL, phone + text)), "messageOriginType": origin, "messageTime": NOW - ago * MINUTE,
            "message": {"text": text, "messageType": "TEXT"}, "senderUser": {"name": "Kavya"} if origin == "USER" else {},
        } for origin, text, ago in reversed(said)]})

    def log_message(self, *_):
        pass


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    Standin.key = os.environ["STANDIN_KEY"]
    Standin.known |= {digits(phone) for phone in sys.argv[3:]}
    Standin.log = open(sys.argv[2], "a", encoding="utf-8")
    ThreadingHTTPServer.allow_reuse_address = True
    with ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Standin) as server:
        server.serve_forever()


if __name__ == "__main__":
    main()

// The least WebSocket (RFC 6455) that the mock needs: text out, close in, no extensions.
import {createHash} from 'node:crypto';

const guid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** Answers the upgrade; returns {send(text), onClose}. */
export function accept(request, socket) {
    const key = createHash('sha1')
        .update(request.headers['sec-websocket-key'] + guid)
        .digest('base64');
    socket.write(
        'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
            `Sec-WebSocket-Accept: ${key}\r\n\r\n`,
    );
    const peer = {onClose: () => undefined, send: (text) => socket.write(frame(Buffer.from(text)))};
    // The page sends nothing but a close frame (opcode 8).
    socket.on('data', (data) => (data[0] & 0x0f) === 8 && socket.end());
    socket.on('error', () => socket.destroy());
    socket.on('close', () => peer.onClose());
    return peer;
}

function frame(payload) {
    const size = payload.length;
    const head = size < 126 ? Buffer.alloc(2) : size < 65536 ? Buffer.alloc(4) : Buffer.alloc(10);
    head[0] = 0x81;
    head[1] = size < 126 ? size : size < 65536 ? 126 : 127;
    if (head.length === 4) head.writeUInt16BE(size, 2);
    if (head.length === 10) head.writeBigUInt64BE(BigInt(size), 2);
    return Buffer.concat([head, payload]);
}

package web

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"
)

// line is a connection that was taken out of the server's hands for one long answer.
type line struct {
	net.Conn
}

// takeLine begins the answer of a stream on the connection of a request and takes it; nil when it cannot be had.
func takeLine(c echo.Context) *line {
	conn, _, err := http.NewResponseController(c.Response()).Hijack()
	if err != nil {
		return nil
	}
	header := c.Response().Header()
	setStreamHeaders(header)
	header.Set("Connection", "close") // the end of the answer is the end of the connection
	header.Set("Date", time.Now().UTC().Format(http.TimeFormat))
	var head bytes.Buffer
	head.WriteString("HTTP/1.1 200 OK\r\n")
	_ = header.Write(&head) // a bytes.Buffer does not fail
	head.WriteString("\r\n")
	_ = conn.SetDeadline(time.Time{})
	_ = conn.SetWriteDeadline(time.Now().Add(writeWithin))
	_, _ = conn.Write(head.Bytes()) // a browser that has gone is noticed at the first event
	return &line{conn}
}

// Flush has nothing to do: what is written is on its way.
func (l *line) Flush() error { return nil }

// serve runs a stream until it ends or the browser goes, and closes the connection.
func (l *line) serve(run func(context.Context)) {
	ctx, cancel := context.WithCancel(context.Background()) // the request has been answered: its context ends
	defer l.Close()
	defer cancel()
	go l.watch(cancel)
	run(ctx)
}

// watch waits for the browser to go: it has nothing to say on this connection.
func (l *line) watch(gone func()) {
	defer gone()
	var b [64]byte
	for {
		if _, err := l.Read(b[:]); err != nil {
			return
		}
	}
}

package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"sync"
	"syscall"

	"github.com/labstack/echo/v4"

	"pult/domain/store/kv"
	"pult/domain/store/kv/badgerkv"
)

// The floor is the least that a desk on the same web library and engine could do: lists and conversations read from the
// engine and appended as HTML by hand, an inbound message as one synced transaction of four keys, and an event of 230 bytes to
// everybody who listens. It knows nobody, checks nothing and shows nothing worth looking at.
type floor struct {
	engine kv.Store

	mu        sync.Mutex
	last      uint64                   // number of the newest message; guarded by mu
	listeners map[chan []byte]struct{} // guarded by mu
}

const floorRows = 50

// serveFloor is the program of the floor; it ends when it is told to.
func serveFloor(dir string) error {
	engine, err := badgerkv.Open(badgerkv.Options{Dir: dir})
	if err != nil {
		return err
	}
	defer engine.Close()
	f := &floor{engine: engine, listeners: map[chan []byte]struct{}{}}
	for range 10 * floorRows {
		if err := f.add([]byte("Dobrý den, kdy dorazí objednávka 4711? Děkuji a přeji hezký den. Zákazník")); err != nil {
			return err
		}
	}
	e := echo.New()
	e.GET("/healthz", func(c echo.Context) error { return c.String(http.StatusOK, "ok") })
	e.GET("/chats", f.list)
	e.GET("/chats/:id", f.list) // a conversation is fifty messages, as the table is fifty rows
	e.POST("/hooks/load", f.takeIn)
	e.GET("/live", f.listen)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := &http.Server{Handler: e}
	go func() { _ = server.Serve(l) }()
	address := "http://" + l.Addr().String()
	slog.New(slog.NewJSONHandler(os.Stderr, nil)).Info("ready", "desk", address, "public", address)
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, os.Interrupt)
	<-stop
	return server.Close()
}

func (f *floor) add(text []byte) error {
	f.mu.Lock()
	f.last++
	n := f.last
	f.mu.Unlock()
	return f.engine.Update(context.Background(), func(tx kv.Txn) error {
		for _, index := range []string{"m", "c", "w", "s"} {
			key := binary.BigEndian.AppendUint64([]byte(index), ^n) // the newest first
			value := text
			if index != "m" {
				value = nil
			}
			if err := tx.Set(key, value); err != nil {
				return err
			}
		}
		return nil
	})
}

func (f *floor) list(c echo.Context) error {
	page := []byte("<!doctype html><table>")
	n := int64(0)
	err := f.engine.View(c.Request().Context(), func(r kv.Reader) error {
		return r.Iterate(kv.Range{Prefix: []byte("m"), Limit: floorRows}, func(_, text []byte) error {
			page = append(page, `<tr id="row-`...)
			page = strconv.AppendInt(page, n, 10)
			page = append(page, `" class="row"><td class="name">Zákazník</td><td class="text">`...)
			page = append(page, text...)
			page = append(page, `</td><td class="state">open</td><td class="time">12:34</td></tr>`...)
			n++
			return nil
		})
	})
	if err != nil {
		return err
	}
	return c.HTMLBlob(http.StatusOK, page)
}

func (f *floor) takeIn(c echo.Context) error {
	body, err := io.ReadAll(c.Request().Body)
	if err != nil {
		return err
	}
	if err := f.add(body); err != nil {
		return err
	}
	if err := c.String(http.StatusOK, "ok"); err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	const event = "id: %d\nevent: moved\ndata: {\"n\":%d,\"moved\":\"%s\"}\n\n"
	said := fmt.Appendf(nil, event, f.last, f.last, bytes.Repeat([]byte("x"), 180))
	for l := range f.listeners {
		select {
		case l <- said:
		default:
		}
	}
	return nil
}

func (f *floor) listen(c echo.Context) error {
	mine := make(chan []byte, 64)
	f.mu.Lock()
	f.listeners[mine] = struct{}{}
	f.mu.Unlock()
	defer func() {
		f.mu.Lock()
		delete(f.listeners, mine)
		f.mu.Unlock()
	}()
	w := c.Response()
	w.Header().Set("Content-Type", "text/event-stream")
	w.WriteHeader(http.StatusOK)
	_, _ = io.WriteString(w, ": ready\n\n")
	w.Flush()
	for {
		select {
		case <-c.Request().Context().Done():
			return nil
		case event := <-mine:
			if _, err := w.Write(event); err != nil {
				return nil
			}
			w.Flush()
		}
	}
}

package world

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// RequestLimit bounds the body of a request in bytes, but for files.
const RequestLimit = 1 << 20

// PassFaults plays the faults that every vendor's server can have, and reports whether the request may go on.
// Otherwise it has answered.
func (w *World) PassFaults(rw http.ResponseWriter, r *http.Request, f Faults) bool {
	if f.Delay > 0 {
		KeepBody(r)
	}
	if !w.Work.Wait(r.Context(), f.Delay) {
		return false
	}
	if f.ServerError {
		rw.WriteHeader(http.StatusServiceUnavailable)
		return false
	}
	return true
}

// KeepBody reads the body ahead, for whoever reads it later: a server notices that a caller hung up only once the
// body was read.
func KeepBody(r *http.Request) {
	body, _ := io.ReadAll(io.LimitReader(r.Body, RequestLimit))
	r.Body = io.NopCloser(io.MultiReader(bytes.NewReader(body), r.Body))
}

// AnswerJSON answers with a value.
func AnswerJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // a caller that hung up is a caller's matter
}

// AnswerFile answers with the bytes of a file.
func AnswerFile(w http.ResponseWriter, f File) {
	w.Header().Set("Content-Type", f.MIME)
	_, _ = w.Write(f.Data) // a caller that hung up is a caller's matter
}

// SetRetryAfter says when a caller that is too fast may come again, in whole seconds.
func SetRetryAfter(w http.ResponseWriter, wait time.Duration) {
	if wait > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(wait.Round(time.Second)/time.Second)))
	}
}

// CutConnection breaks the connection without an answer.
func CutConnection(w http.ResponseWriter) {
	if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
		conn.Close()
	}
}

// IsWanted reports whether a value passes a filter; an empty filter wants all.
func IsWanted(filter, value string) bool { return filter == "" || strings.EqualFold(filter, value) }

// fileLimit bounds a file in bytes.
const fileLimit = 101 << 20

// Download fetches a file that the desk only named by its address, as some vendors do.
func (w *World) Download(ctx context.Context, address string) (*File, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, fmt.Errorf("world: download: %w", err)
	}
	res, err := w.Client.Do(req)
	if err != nil {
		return nil, fmt.Errorf("world: download: %w", err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(res.Body, fileLimit))
	if err != nil {
		return nil, fmt.Errorf("world: download: %w", err)
	}
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("world: download: %w", errors.New(res.Status))
	}
	mime, _, _ := strings.Cut(res.Header.Get("Content-Type"), ";")
	return &File{MIME: mime, Data: raw}, nil
}

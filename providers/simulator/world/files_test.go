package world_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"pult/providers/simulator/world"
)

func TestFiles_AddressesEndAndFilesGo(t *testing.T) {
	b := newBench(t)
	var id, key string
	b.world.Do(func(s *world.State) {
		id = s.AddFile(number, world.File{Name: "a.txt", Data: []byte("a")})
		key = s.AddLink(id, time.Minute)
		if f, ok := s.LinkedFile(key); !ok || f.File.ID != id || f.Number != number {
			t.Errorf("got %+v, %v", f, ok)
		}
		if strings.Trim(id, "0123456789") != "" {
			t.Errorf("the id %s is no number", id)
		}
	})
	b.clock.Advance(time.Minute)
	b.world.Do(func(s *world.State) {
		if _, ok := s.LinkedFile(key); ok {
			t.Error("the address works after its time")
		}
		s.DeleteFile(id)
		if _, ok := s.File(id); ok {
			t.Error("the file is still there")
		}
	})
}

func TestDownload_TakesTypeAndBytes(t *testing.T) {
	b := newBench(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/file" {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = io.WriteString(w, "hello")
	}))
	defer server.Close()
	if f, err := b.world.Download(t.Context(), server.URL+"/file"); err != nil || f.MIME != "text/plain" || string(f.Data) != "hello" {
		t.Errorf("got %+v, %v", f, err)
	}
	for _, address := range []string{server.URL + "/gone", "http://127.0.0.1:1/", ":"} {
		if _, err := b.world.Download(t.Context(), address); err == nil {
			t.Errorf("%s: got a file", address)
		}
	}
}

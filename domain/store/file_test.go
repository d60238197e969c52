package store_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"pult/domain"
	"pult/domain/store"
)

func TestFile_LongOneIsReadBackFromAnyPosition(t *testing.T) {
	d := open(t)
	content := make([]byte, 5*store.PieceSize+77)
	for i := range content {
		content[i] = byte(i * i >> 3)
	}
	f := domain.File{Name: "x"}
	if err := d.WriteFile(t.Context(), &f, bytes.NewReader(content), 10<<20); err != nil {
		t.Fatal(err)
	}
	if sum := sha256.Sum256(content); f.Size != int64(len(content)) || f.Chunks != 6 || !bytes.Equal(f.SHA256, sum[:]) {
		t.Errorf("got %d bytes in %d pieces", f.Size, f.Chunks)
	}
	r := d.OpenFile(t.Context(), f)
	got, err := io.ReadAll(r)
	if err != nil || !bytes.Equal(got, content) {
		t.Errorf("got %d bytes, %v; want the same %d", len(got), err, len(content))
	}
	if _, err := r.Seek(-100, io.SeekEnd); err != nil {
		t.Fatal(err)
	}
	if tail, _ := io.ReadAll(r); !bytes.Equal(tail, content[len(content)-100:]) {
		t.Error("the last hundred bytes differ")
	}
}

func TestFile_OneThatWasCutOffIsNone(t *testing.T) {
	d := open(t)
	for _, size := range []int{0, 10, store.PieceSize, 4*store.PieceSize + 10} {
		cut := io.MultiReader(strings.NewReader(strings.Repeat("x", size)), iotest.ErrReader(io.ErrUnexpectedEOF)) // as a body says when the line breaks
		f := domain.File{}
		if err := d.WriteFile(t.Context(), &f, cut, 10<<20); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("after %d bytes: got %v and a file of %d bytes, want that it was cut off", size, err, f.Size)
		}
	}
}

func TestFile_TooLongOneLeavesOnlyWhatTheSweeperFinds(t *testing.T) {
	d := open(t)
	f := domain.File{}
	err := d.WriteFile(t.Context(), &f, strings.NewReader(strings.Repeat("x", 3<<20)), 1<<20)
	if !errors.Is(err, store.ErrFileTooBig) {
		t.Fatalf("got %v, want too big", err)
	}
	d.view(func(tx *store.Tx) error {
		if ids, err := tx.UnclaimedFiles(10); err != nil || len(ids) != 1 || ids[0] != f.ID {
			t.Errorf("got %v, %v; want the upload marked", ids, err)
		}
		return nil
	})
	if err := d.DropFile(t.Context(), f.ID); err != nil {
		t.Fatal(err)
	}
	d.view(func(tx *store.Tx) error {
		if ids, err := tx.UnclaimedFiles(10); err != nil || len(ids) != 0 {
			t.Errorf("got %v, %v; want nothing left", ids, err)
		}
		return nil
	})
}

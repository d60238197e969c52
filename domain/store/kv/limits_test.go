package kv_test

import (
	"bytes"
	"errors"
	"testing"

	"pult/domain/store/kv"
)

func TestCheckKey(t *testing.T) {
	cases := []struct {
		name string
		key  []byte
		want error
	}{
		{"shortest", []byte{0}, nil},
		{"longest", make([]byte, kv.MaxKey), nil},
		{"too long", make([]byte, kv.MaxKey+1), kv.ErrTooBig},
		{"empty", []byte{}, kv.ErrTooBig},
		{"nil", nil, kv.ErrTooBig},
		{"reserved", []byte("!badger!head"), kv.ErrReservedKey},
		{"nearly reserved", []byte("!badger"), nil},
		{"reserved for the package around an engine", []byte(kv.EnginePrefix + "u"), kv.ErrReservedKey},
	}
	for _, c := range cases {
		if got := kv.CheckKey(c.key); !errors.Is(got, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}

func TestBudget_RefusalSticks(t *testing.T) {
	var b kv.Budget
	if err := b.Spend([]byte("k"), make([]byte, kv.MaxValue+1)); !errors.Is(err, kv.ErrTooBig) {
		t.Fatalf("too big a value: got %v, want %v", err, kv.ErrTooBig)
	}
	if err := b.Spend([]byte("k"), nil); !errors.Is(err, kv.ErrTooBig) {
		t.Errorf("a write after it: got %v, want %v", err, kv.ErrTooBig)
	}
	if err := b.Err(); !errors.Is(err, kv.ErrTooBig) {
		t.Errorf("Err: got %v, want %v", err, kv.ErrTooBig)
	}
}

func TestBudget_ExactLimits(t *testing.T) {
	var ops, size kv.Budget
	for range kv.MaxTxnOps {
		if err := ops.Spend([]byte("k"), nil); err != nil {
			t.Fatal(err)
		}
	}
	if err := ops.Spend([]byte("k"), nil); !errors.Is(err, kv.ErrTooBig) {
		t.Errorf("one write more: got %v, want %v", err, kv.ErrTooBig)
	}
	for range kv.MaxTxnBytes / kv.MaxValue {
		if err := size.Spend([]byte("k"), make([]byte, kv.MaxValue-1)); err != nil {
			t.Fatal(err)
		}
	}
	if err := size.Spend([]byte("k"), nil); !errors.Is(err, kv.ErrTooBig) {
		t.Errorf("one byte more: got %v, want %v", err, kv.ErrTooBig)
	}
}

func TestPrefixEnd(t *testing.T) {
	cases := []struct{ prefix, want []byte }{
		{[]byte("a"), []byte("b")},
		{[]byte("a/"), []byte("a0")},
		{[]byte("a\xff"), []byte("b")},
		{[]byte("a\xfe\xff\xff"), []byte("a\xff")},
		{[]byte{0}, []byte{1}},
		{[]byte{0xff, 0xff}, nil},
		{nil, nil},
	}
	for _, c := range cases {
		before := bytes.Clone(c.prefix)
		if got := kv.PrefixEnd(c.prefix); !bytes.Equal(got, c.want) || (got == nil) != (c.want == nil) {
			t.Errorf("PrefixEnd(%q): got %q, want %q", c.prefix, got, c.want)
		}
		if !bytes.Equal(c.prefix, before) {
			t.Errorf("PrefixEnd changed its argument from %q to %q", before, c.prefix)
		}
	}
}

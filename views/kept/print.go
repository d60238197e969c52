package kept

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"reflect"
	"slices"
	"sync"
	"time"
)

// Print is the fingerprint of a value: two values with the same one are drawn alike.
type Print [sha256.Size]byte

var notes = sync.Pool{New: func() any { return new([]byte) }}

// PrintOf is the fingerprint of a value in places, such as a language and a block. Everything in the value counts,
// through pointers, lists, maps and interfaces, but for where a time was read: the moment alone is drawn. Pass a pointer
// to what is large. Functions and channels cannot be drawn, and are refused with a panic.
func PrintOf(value any, places ...string) Print {
	note := notes.Get().(*[]byte)
	b := binary.AppendUvarint((*note)[:0], uint64(len(places)))
	for _, place := range places {
		b = appendText(b, place)
	}
	if value != nil {
		v := reflect.ValueOf(value)
		b = binary.BigEndian.AppendUint64(b, typeNumber(v.Type()))
		b = writerOf(v.Type())(b, v)
	}
	sum := Print(sha256.Sum256(b))
	*note = b
	notes.Put(note)
	return sum
}

// writer adds a value to a note in a form from which it could be read back: no two values have the same.
type writer func(b []byte, v reflect.Value) []byte

var (
	writers sync.Map // reflect.Type to writer
	numbers sync.Map // reflect.Type to uint64
	last    = struct {
		sync.Mutex
		number uint64
	}{}
)

// typeNumber tells types apart within this run of the program.
func typeNumber(t reflect.Type) uint64 {
	if n, ok := numbers.Load(t); ok {
		return n.(uint64)
	}
	last.Lock()
	defer last.Unlock()
	last.number++
	n, _ := numbers.LoadOrStore(t, last.number)
	return n.(uint64)
}

// writerOf is the writer of a type, made once.
func writerOf(t reflect.Type) writer {
	if w, ok := writers.Load(t); ok {
		return w.(writer)
	}
	w := makeWriter(t)
	writers.Store(t, w)
	return w
}

var timeType = reflect.TypeFor[time.Time]()

func makeWriter(t reflect.Type) writer {
	if t == timeType {
		return writeTime
	}
	switch t.Kind() {
	case reflect.Bool:
		return func(b []byte, v reflect.Value) []byte { return appendBool(b, v.Bool()) }
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return func(b []byte, v reflect.Value) []byte { return binary.AppendVarint(b, v.Int()) }
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return func(b []byte, v reflect.Value) []byte { return binary.AppendUvarint(b, v.Uint()) }
	case reflect.Float32, reflect.Float64:
		return func(b []byte, v reflect.Value) []byte { return fmt.Appendf(b, "%b ", v.Float()) }
	case reflect.String:
		return func(b []byte, v reflect.Value) []byte { return appendText(b, v.String()) }
	case reflect.Pointer:
		return writePointer
	case reflect.Interface:
		return writeInterface
	case reflect.Array:
		return makeArrayWriter(t)
	case reflect.Slice:
		return writeSlice
	case reflect.Map:
		return writeMap
	case reflect.Struct:
		return makeStructWriter(t)
	}
	panic(fmt.Sprintf("kept: a %v cannot be drawn", t))
}

func writeTime(b []byte, v reflect.Value) []byte {
	var at time.Time
	if v.CanAddr() { // without a copy on the heap
		at = *v.Addr().Interface().(*time.Time)
	} else {
		at = v.Interface().(time.Time)
	}
	b = binary.AppendVarint(b, at.Unix())
	return binary.AppendVarint(b, int64(at.Nanosecond()))
}

func writePointer(b []byte, v reflect.Value) []byte {
	if b = appendBool(b, !v.IsNil()); v.IsNil() {
		return b
	}
	return writerOf(v.Type().Elem())(b, v.Elem())
}

func writeInterface(b []byte, v reflect.Value) []byte {
	if b = appendBool(b, !v.IsNil()); v.IsNil() {
		return b
	}
	inner := v.Elem()
	b = binary.BigEndian.AppendUint64(b, typeNumber(inner.Type()))
	return writerOf(inner.Type())(b, inner)
}

func makeArrayWriter(t reflect.Type) writer {
	if t.Elem().Kind() == reflect.Uint8 {
		return func(b []byte, v reflect.Value) []byte {
			if v.CanAddr() {
				return append(b, v.Bytes()...)
			}
			for i := range v.Len() {
				b = append(b, byte(v.Index(i).Uint()))
			}
			return b
		}
	}
	each := writerOf(t.Elem())
	return func(b []byte, v reflect.Value) []byte {
		for i := range v.Len() {
			b = each(b, v.Index(i))
		}
		return b
	}
}

func writeSlice(b []byte, v reflect.Value) []byte {
	// nothing and an empty list are drawn alike, yet a template could ask which of them it is
	if b = appendBool(b, !v.IsNil()); v.IsNil() {
		return b
	}
	b = binary.AppendUvarint(b, uint64(v.Len()))
	each := writerOf(v.Type().Elem())
	for i := range v.Len() {
		b = each(b, v.Index(i))
	}
	return b
}

func writeMap(b []byte, v reflect.Value) []byte {
	b = binary.AppendUvarint(b, uint64(v.Len()))
	key, value := writerOf(v.Type().Key()), writerOf(v.Type().Elem())
	entries := make([][]byte, 0, v.Len())
	for each := v.MapRange(); each.Next(); {
		entries = append(entries, value(key(nil, each.Key()), each.Value()))
	}
	slices.SortFunc(entries, bytes.Compare)
	for _, e := range entries {
		b = append(b, e...)
	}
	return b
}

// makeStructWriter looks the fields up when the first value is written, because a type may hold itself.
func makeStructWriter(t reflect.Type) writer {
	fields := sync.OnceValue(func() []writer {
		list := make([]writer, t.NumField())
		for i := range list {
			if !t.Field(i).IsExported() {
				panic(fmt.Sprintf("kept: %v.%s cannot be read", t, t.Field(i).Name))
			}
			list[i] = writerOf(t.Field(i).Type)
		}
		return list
	})
	return func(b []byte, v reflect.Value) []byte {
		for i, write := range fields() {
			b = write(b, v.Field(i))
		}
		return b
	}
}

func appendBool(b []byte, is bool) []byte {
	if is {
		return append(b, 1)
	}
	return append(b, 0)
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

package store

import (
	"errors"
	"fmt"

	"github.com/fxamacker/cbor/v2"
)

// valueVersion is the first byte of every value. A change of form that the field numbers cannot express gets a new one.
const valueVersion = 1

// Times are stored as text: the codec's numbers are floating point and lose the millisecond by which index keys are
// found again.
var (
	encoder = must(cbor.EncOptions{Time: cbor.TimeRFC3339NanoUTC}.EncMode())
	decoder = must(cbor.DecOptions{}.DecMode())
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// errVersion says that a value was written by a newer program.
var errVersion = errors.New("store: value of a newer version")

func encodeValue(v any) ([]byte, error) {
	b, err := encoder.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("store: encode %T: %w", v, err)
	}
	return append([]byte{valueVersion}, b...), nil
}

func decodeValue(b []byte, v any) error {
	if len(b) == 0 || b[0] != valueVersion {
		return errVersion
	}
	if err := decoder.Unmarshal(b[1:], v); err != nil {
		return fmt.Errorf("store: decode %T: %w", v, err)
	}
	return nil
}

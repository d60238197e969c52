package static

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// loaderConfig is where loader.js waits for what is different on every channel.
const loaderConfig = "})(CONFIG);"

// Loader is the script of a chat's button with its configuration written into it. config must be a value that JSON can
// hold.
func Loader(config any) ([]byte, error) {
	c, err := json.Marshal(config) // escapes what could end a script
	if err != nil {
		return nil, fmt.Errorf("static: configuration of the loader: %w", err)
	}
	script := readFile("widget/loader.js")
	if at := bytes.Index(script, []byte("((config)")); at > 0 {
		script = script[at:] // the comment above it is for engineers
	}
	return bytes.Replace(script, []byte(loaderConfig), append([]byte("})("), append(c, ");"...)...), 1), nil
}

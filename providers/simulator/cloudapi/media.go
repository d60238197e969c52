// Package cloudapi is what WhatsApp's own words are, for every simulated vendor that passes them on: the shapes of
// messages and templates, the codes of failures, and what files may be.
//
// Its files: payload.go, template.go with samples.go, failure.go, media.go.
package cloudapi

import "slices"

// mimeTypes is what WhatsApp takes, by kind of message.
var mimeTypes = map[string][]string{
	"image":   {"image/jpeg", "image/png"},
	"audio":   {"audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"},
	"video":   {"video/mp4", "video/3gpp"},
	"sticker": {"image/webp"},
	"document": {
		"text/plain", "application/pdf", "application/msword", "application/vnd.ms-excel",
		"application/vnd.ms-powerpoint",
		"application/vnd.openxmlformats-officedocument.wordprocessingml.document",
		"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
		"application/vnd.openxmlformats-officedocument.presentationml.presentation",
	},
}

// sizes is how much WhatsApp takes, in bytes, by kind of message.
var sizes = map[string]int{
	"image": 5 << 20, "audio": 16 << 20, "video": 16 << 20, "sticker": 500 << 10, "document": 100 << 20,
}

// AcceptsType reports whether messages of a kind may carry a file of a type.
func AcceptsType(kind, mimeType string) bool { return slices.Contains(mimeTypes[kind], mimeType) }

// AcceptsSize reports whether messages of a kind may carry a file of so many bytes.
func AcceptsSize(kind string, size int) bool { return size <= sizes[kind] }

// KindOf is the kind of message that carries files of a type; "" when none does.
func KindOf(mimeType string) string {
	for kind, types := range mimeTypes {
		if slices.Contains(types, mimeType) {
			return kind
		}
	}
	return ""
}

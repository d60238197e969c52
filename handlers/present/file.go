package present

// InlineTypes are the types a browser may show in place: none of them can hold a script.
var InlineTypes = map[string]bool{
	"image/png": true, "image/jpeg": true, "image/webp": true, "image/gif": true,
	"video/mp4": true,
	"audio/ogg": true, "audio/mpeg": true, "audio/mp4": true, "audio/aac": true, "audio/x-m4a": true,
}

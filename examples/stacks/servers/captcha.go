// The documented answer from Go's net/http, its PNG pictures drawn with the standard library.
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math/rand"
	"net/http"
	"os"
	"time"
)

var fault = os.Getenv("FAULT")

// Seven segments of a digit, as bits: top, upper left, upper right, middle, lower left, lower
// right, bottom.
var segments = [10]byte{0x77, 0x24, 0x5d, 0x6d, 0x2e, 0x6b, 0x7b, 0x25, 0x7f, 0x6f}

func fill(img *image.RGBA, x, y, width, height int, ink color.Color) {
	for dx := 0; dx < width; dx++ {
		for dy := 0; dy < height; dy++ {
			img.Set(x+dx, y+dy, ink)
		}
	}
}

func picture() []byte {
	img := image.NewRGBA(image.Rect(0, 0, 125, 45))
	fill(img, 0, 0, 125, 45, color.White)
	for place := 0; place < 4; place++ {
		ink := color.RGBA{uint8(rand.Intn(200)), uint8(rand.Intn(200)), uint8(rand.Intn(200)), 255}
		x, y, bits := 18+24*place, 5+rand.Intn(8), segments[rand.Intn(10)]
		bars := [7][4]int{{0, 0, 15, 3}, {0, 0, 3, 14}, {12, 0, 3, 14}, {0, 13, 15, 3},
			{0, 13, 3, 14}, {12, 13, 3, 14}, {0, 26, 15, 3}}
		for bit, bar := range bars {
			if bits&(1<<bit) != 0 {
				fill(img, x+bar[0], y+bar[1], bar[2], bar[3], ink)
			}
		}
	}
	var written bytes.Buffer
	if err := png.Encode(&written, img); err != nil {
		panic(err)
	}
	if fault == "picture-cut-off" {
		return written.Bytes()[:written.Len()/2]
	}
	return written.Bytes()
}

func main() {
	rand.Seed(time.Now().UnixNano())
	http.HandleFunc("/oauth/api/account/getImgCode", func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			http.Error(w, "use POST", http.StatusMethodNotAllowed)
			return
		}
		data := map[string]any{
			"img":         "data:image/png;base64," + base64.StdEncoding.EncodeToString(picture()),
			"img_code_id": fmt.Sprintf("%06X", rand.Intn(1<<24)),
		}
		if fault == "number-an-integer" {
			data["img_code_id"] = rand.Intn(1e6)
		} else if fault == "row-missing" {
			delete(data, "img_code_id")
		}
		id := fmt.Sprintf("%08x-%04x-%04x-%04x-%012x", rand.Uint32(), rand.Intn(1<<16),
			rand.Intn(1<<16), rand.Intn(1<<16), rand.Int63n(1<<48))
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		json.NewEncoder(w).Encode(map[string]any{
			"request_id": id, "code": "000", "msg": "成功", "data": data,
		})
	})
	panic(http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), nil))
}

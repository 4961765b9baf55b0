"""Draws the pictures of the sample e-mails. Needs Pillow; run it in this folder.

They are drawn four times too large and scaled down, so that edges are smooth, and kept to a small palette,
so that they load fast.
"""

import math
import random

from PIL import Image, ImageDraw

SCALE = 4


def canvas(width, height, top, bottom):
    """Returns a picture with a vertical gradient, and its pen."""
    image = Image.new("RGB", (width * SCALE, height * SCALE))
    pen = ImageDraw.Draw(image)
    for y in range(height * SCALE):
        part = y / (height * SCALE)
        pen.line([(0, y), (width * SCALE, y)], fill=tuple(round(a + (b - a) * part) for a, b in zip(top, bottom)))
    return image, pen


def s(*values):
    return [v * SCALE for v in values]


def save(image, name, width, height, colours=128):
    image = image.resize((width, height), Image.LANCZOS)
    image.quantize(colours, method=Image.MEDIANCUT, dither=Image.NONE).save(f"pictures/{name}.png", optimize=True)


def halo(pen, x, y, rings):
    """Rings of flat colour around a light."""
    for radius_x, radius_y, colour in rings:
        pen.ellipse(s(x - radius_x, y - radius_y, x + radius_x, y + radius_y), fill=colour)


def steam(pen, x, y, height, sway, colour):
    """A wisp that thins towards both ends."""
    left, right = [], []
    for step in range(61):
        part = step / 60
        middle = x + math.sin(part * 4.6) * sway
        half = 13 * math.sin(math.pi * part) ** 0.8
        left.append(((middle - half) * SCALE, (y - part * height) * SCALE))
        right.append(((middle + half) * SCALE, (y - part * height) * SCALE))
    pen.polygon(left + right[::-1], fill=colour)


def leaf(pen, x, y, length, angle, fill, vein):
    """A leaf as two arcs that meet in a tip."""
    points = []
    for side in (1, -1):
        steps = range(0, 21) if side == 1 else range(20, -1, -1)
        for step in steps:
            t = step / 20
            across = math.sin(math.pi * t) * length * 0.28 * side
            points.append((t * length, across))
    turned = [rotate(px, py, angle, x, y) for px, py in points]
    pen.polygon([(px * SCALE, py * SCALE) for px, py in turned], fill=fill)
    start, end = rotate(0, 0, angle, x, y), rotate(length * 0.92, 0, angle, x, y)
    pen.line([*s(*start), *s(*end)], fill=vein, width=2 * SCALE)


def rotate(px, py, angle, x, y):
    a = math.radians(angle)
    return x + px * math.cos(a) - py * math.sin(a), y + px * math.sin(a) + py * math.cos(a)


def tomato(pen, x, y, r):
    pen.ellipse(s(x - r, y - r * 0.9, x + r, y + r * 0.9), fill=(206, 68, 48))
    pen.ellipse(s(x - r * 0.62, y - r * 0.62, x - r * 0.18, y - r * 0.22), fill=(226, 112, 88))
    for angle in range(0, 360, 72):
        leaf(pen, x, y - r * 0.78, r * 0.55, angle + 20, (62, 122, 66), (44, 96, 52))


def mushroom(pen, x, y, r):
    pen.rounded_rectangle(s(x - r * 0.32, y - r * 0.1, x + r * 0.32, y + r * 0.95), radius=r * 0.25 * SCALE, fill=(246, 234, 212))
    pen.pieslice(s(x - r, y - r, x + r, y + r * 0.8), 180, 360, fill=(150, 100, 66))
    pen.ellipse(s(x - r * 0.4, y - r * 0.72, x - r * 0.12, y - r * 0.48), fill=(176, 126, 90))


def hotpot():
    width, height = 1200, 520
    image, pen = canvas(width, height, (142, 38, 30), (142, 38, 30))
    halo(pen, 600, 330, [(520, 300, (156, 46, 34)), (420, 236, (172, 58, 40)), (330, 176, (192, 74, 46))])
    random.seed(7)
    for _ in range(70):
        x, y, r = random.randint(0, width), random.randint(0, 300), random.choice([1.5, 2, 3])
        pen.ellipse(s(x - r, y - r, x + r, y + r), fill=(236, 178, 128))
    pen.rectangle(s(0, 430, width, height), fill=(92, 28, 22))
    # The pot: body, rim, broth in two halves.
    pen.pieslice(s(340, 130, 860, 490), 0, 180, fill=(58, 40, 38))
    pen.ellipse(s(330, 236, 870, 384), fill=(84, 62, 58))
    pen.ellipse(s(352, 248, 848, 372), fill=(214, 84, 44))
    pen.pieslice(s(352, 248, 848, 372), 270, 90, fill=(246, 226, 190))
    pen.ellipse(s(538, 248, 662, 310), fill=(214, 84, 44))
    pen.ellipse(s(538, 310, 662, 372), fill=(246, 226, 190))
    pen.rounded_rectangle(s(282, 290, 348, 330), radius=16 * SCALE, fill=(58, 40, 38))
    pen.rounded_rectangle(s(852, 290, 918, 330), radius=16 * SCALE, fill=(58, 40, 38))
    for x, y in [(430, 290), (470, 330), (520, 280), (500, 345)]:
        pen.ellipse(s(x - 13, y - 7, x + 13, y + 7), fill=(240, 138, 76))
    mushroom(pen, 730, 284, 26)
    mushroom(pen, 780, 316, 22)
    leaf(pen, 676, 336, 66, -14, (118, 162, 92), (88, 132, 70))
    leaf(pen, 700, 350, 60, 8, (136, 178, 104), (98, 142, 78))
    # The table around it.
    for x, colour in [(150, (247, 241, 230)), (1046, (247, 241, 230))]:
        pen.ellipse(s(x - 96, 398, x + 96, 470), fill=colour)
        pen.ellipse(s(x - 78, 406, x + 78, 458), fill=(232, 220, 202))
    for x in (104, 140, 176):
        pen.ellipse(s(x - 30, 410, x + 30, 444), fill=(196, 92, 82))
        pen.arc(s(x - 22, 415, x + 22, 440), 200, 330, fill=(236, 186, 172), width=4 * SCALE)
    for x, angle in [(1002, -24), (1040, -8), (1076, 10)]:
        leaf(pen, x - 26, 436, 78, angle, (104, 156, 84), (76, 124, 62))
    pen.line(s(240, 486, 520, 448), fill=(214, 170, 112), width=7 * SCALE)
    pen.line(s(248, 498, 528, 460), fill=(198, 152, 96), width=7 * SCALE)
    for x, tall, sway in [(470, 176, 20), (600, 214, -24), (724, 168, 18)]:
        steam(pen, x, 236, tall, sway, (240, 204, 178))
    save(image, "hotpot-hero", width, height)


def welcome():
    width, height = 1200, 460
    image, pen = canvas(width, height, (255, 243, 222), (255, 243, 222))
    halo(pen, 850, 160, [(150, 150, (254, 232, 192)), (112, 112, (254, 220, 160)), (76, 76, (252, 196, 98))])
    for base, colour in [(250, (196, 216, 170)), (290, (158, 194, 138))]:
        points = [(0, height)] + [(x, base + math.sin(x / 170 + base) * 22) for x in range(0, width + 20, 20)] + [(width, height)]
        pen.polygon([(x * SCALE, y * SCALE) for x, y in points], fill=colour)
    # Rows of a field that meet at the horizon.
    for row in range(-9, 10):
        x = 600 + row * 46
        far, near = 600 + row * 18, 600 + row * 170
        shade = (92, 142, 84) if row % 2 else (112, 160, 98)
        pen.polygon(s(far - 8, 320, far + 8, 320, near + 80, height, near - 80, height), fill=shade)
    random.seed(3)
    for row in range(-6, 7, 2):
        for step in range(6):
            part = (step + 0.5) / 6
            x = 600 + row * (18 + 152 * part)
            y = 322 + part * 130
            size = 7 + 20 * part
            for angle in (-120, -90, -60):
                leaf(pen, x, y, size, angle, (58, 112, 62), (44, 92, 50))
    # The basket at the front.
    pen.rounded_rectangle(s(130, 330, 400, 440), radius=24 * SCALE, fill=(186, 136, 84))
    for y in (352, 380, 408):
        pen.line(s(138, y, 392, y), fill=(160, 112, 66), width=5 * SCALE)
    pen.arc(s(150, 210, 380, 460), 180, 360, fill=(160, 112, 66), width=12 * SCALE)
    tomato(pen, 190, 316, 42)
    tomato(pen, 268, 308, 46)
    for angle in (-110, -85, -60, -35):
        leaf(pen, 336, 332, 96, angle, (82, 138, 76), (58, 110, 58))
    save(image, "welcome-hero", width, height)


def picks():
    width, height = 1200, 400
    image, pen = canvas(width, height, (235, 242, 226), (235, 242, 226))
    for x in range(0, width, 48):
        pen.line(s(x, 0, x, height), fill=(228, 237, 217), width=2 * SCALE)
    pen.rounded_rectangle(s(60, 290, 1140, 372), radius=20 * SCALE, fill=(198, 152, 100))
    pen.rounded_rectangle(s(60, 290, 1140, 312), radius=10 * SCALE, fill=(214, 170, 118))
    tomato(pen, 180, 236, 66)
    tomato(pen, 296, 248, 54)
    # Carrots.
    for x, tilt in [(420, -6), (490, 8)]:
        pen.polygon(s(x - 30, 150, x + 30, 150, x + 6 + tilt, 292, x - 6 + tilt, 292), fill=(230, 126, 52))
        for y in (180, 210, 240):
            pen.line(s(x - 14, y, x + 8, y), fill=(206, 104, 40), width=3 * SCALE)
        for angle in (-118, -92, -66):
            leaf(pen, x, 154, 84, angle, (86, 144, 76), (62, 114, 58))
    # An aubergine.
    pen.ellipse(s(566, 190, 700, 300), fill=(92, 58, 116))
    pen.ellipse(s(640, 152, 752, 262), fill=(92, 58, 116))
    pen.ellipse(s(590, 210, 628, 236), fill=(128, 92, 152))
    for angle in (-60, -20, 20):
        leaf(pen, 726, 172, 52, angle, (76, 124, 70), (56, 100, 52))
    mushroom(pen, 842, 224, 58)
    mushroom(pen, 924, 246, 44)
    for angle in (-128, -108, -90, -72, -52):
        leaf(pen, 1050, 300, 170, angle, (104, 158, 88), (76, 126, 64))
    save(image, "picks-hero", width, height)


def product(name, draw, tone):
    image, pen = canvas(360, 240, tone, tone)
    draw(pen)
    save(image, name, 360, 240, 48)


def beef(pen):
    pen.ellipse(s(40, 130, 320, 220), fill=(250, 246, 238))
    for x, y in [(96, 150), (150, 138), (206, 148), (258, 160), (126, 176), (188, 182)]:
        pen.ellipse(s(x - 40, y - 20, x + 40, y + 20), fill=(188, 76, 70))
        pen.arc(s(x - 30, y - 14, x + 30, y + 14), 190, 340, fill=(242, 206, 194), width=5 * SCALE)


def fungi(pen):
    pen.ellipse(s(40, 150, 320, 226), fill=(250, 246, 238))
    for x, y, r in [(110, 120, 40), (176, 104, 48), (246, 124, 38), (146, 158, 30), (212, 160, 32)]:
        mushroom(pen, x, y, r)


def broth(pen):
    pen.rounded_rectangle(s(60, 100, 300, 210), radius=40 * SCALE, fill=(70, 50, 46))
    pen.ellipse(s(56, 76, 304, 140), fill=(94, 70, 64))
    pen.ellipse(s(72, 84, 288, 132), fill=(216, 88, 46))
    for x, y in [(120, 100), (170, 116), (220, 98), (250, 112)]:
        pen.ellipse(s(x - 10, y - 5, x + 10, y + 5), fill=(242, 142, 80))
    tomato(pen, 176, 96, 20)


def main():
    hotpot()
    welcome()
    picks()
    product("hotpot-beef", beef, (246, 226, 216))
    product("hotpot-fungi", fungi, (236, 232, 216))
    product("hotpot-broth", broth, (250, 230, 208))


if __name__ == "__main__":
    main()
